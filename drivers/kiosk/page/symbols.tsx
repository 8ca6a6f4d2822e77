import type { ComponentChildren } from 'preact';

// Our own drawings, on a field of 120 by 120, stroked with the colour of the mood. Each says its
// state by shape alone: none needs its colour to be understood.

interface DrawingProps {
  readonly name: string;
  readonly children: ComponentChildren;
}

const Drawing = ({ name, children }: DrawingProps) => (
  <svg class={`symbol ${name}`} viewBox="0 0 120 120" aria-hidden="true">
    {children}
  </svg>
);

const Waves = () => (
  <g class="waves">
    <path d="M4 52a12 12 0 0 1 0 16" />
    <path d="M14 44a24 24 0 0 1 0 32" />
    <path d="M24 36a36 36 0 0 1 0 48" />
    <path d="M34 28a48 48 0 0 1 0 64" />
  </g>
);

const Hand = () => (
  <g class="hand" transform="rotate(10 86 60)">
    <path d="M75 84c0 12-1 22-1 32m34 0c0-10 0-15 2-19 5-7 6-14 6-22V48c0-8-11-8-11 0v12" />
    <rect class="cover" x="67" y="6" width="38" height="78" rx="8" />
    <path class="thin" d="M81 15h10" />
    <path class="nubs" d="M66 40h5m-5.5 13h6m-5 13h5" />
  </g>
);

export const Tap = () => (
  <Drawing name="tap">
    <Waves />
    <Hand />
  </Drawing>
);

/** A card held to the reader, where phones are not taken. */
export const TapCard = () => (
  <Drawing name="tap">
    <Waves />
    <g class="hand" transform="rotate(10 86 60)">
      <rect class="cover" x="56" y="24" width="50" height="74" rx="7" />
      <path d="M72 24v74" />
      <path class="thin" d="M86 84h10" />
    </g>
  </Drawing>
);

export const Reading = () => (
  <Drawing name="reading">
    <circle class="track" cx="60" cy="60" r="54" />
    <circle class="runner" cx="60" cy="60" r="54" />
    <g transform="translate(27 27) scale(.55)">
      <Waves />
      <Hand />
    </g>
  </Drawing>
);

export const Spinner = () => (
  <Drawing name="spinner">
    <circle class="track" cx="60" cy="60" r="54" />
    <circle class="runner" cx="60" cy="60" r="54" />
    <g class="dots">
      <circle class="solid" cx="38" cy="60" r="5.5" />
      <circle class="solid" cx="60" cy="60" r="5.5" />
      <circle class="solid" cx="82" cy="60" r="5.5" />
    </g>
  </Drawing>
);

const Card = () => (
  <>
    <rect x="14" y="34" width="76" height="50" rx="7" />
    <path d="M14 50h76" />
    <path class="thin" d="M24 70h16" />
  </>
);

export const RemoveCard = () => (
  <Drawing name="remove">
    <g class="leaving" transform="translate(2 20)">
      <Card />
    </g>
    <path d="M52 34V10m-14 13 14-14 14 14" />
    <circle class="badge" cx="94" cy="92" r="22" />
    <path class="on-badge" d="m84 92.5 7 7 13-14" />
  </Drawing>
);

export const Approved = () => (
  <Drawing name="approved">
    <circle class="badge" cx="60" cy="60" r="57" />
    <path class="on-badge bold drawn" pathLength="1" d="m34 62 18 18 35-38" />
  </Drawing>
);

export const Sign = () => (
  <Drawing name="sign">
    <path d="M12 98h96" />
    <path d="M18 82c10-22 22-28 18-10s6 14 14 2c4-6 6 8 12 6" />
    <path d="m70 76 5-17 30-34c5-5 15 3 10 9l-30 34Z" />
  </Drawing>
);

export const Declined = () => (
  <Drawing name="declined">
    <circle class="badge" cx="60" cy="60" r="57" />
    <path class="on-badge bold" d="m40 40 40 40m0-40-40 40" />
  </Drawing>
);

export const Cancelled = () => (
  <Drawing name="cancelled">
    <circle cx="60" cy="60" r="54" />
    <path d="m42 42 36 36m0-36-36 36" />
  </Drawing>
);

// The four waves of contactless payment, struck through.
export const ContactlessOff = () => (
  <Drawing name="contactless-off">
    <g transform="translate(20 -6) scale(1.1)">
      <path d="M6 52a12 12 0 0 1 0 16" />
      <path d="M20 44a24 24 0 0 1 0 32" />
      <path d="M34 36a36 36 0 0 1 0 48" />
      <path d="M48 28a48 48 0 0 1 0 64" />
    </g>
    <path class="gap" d="m16 22 84 84" />
    <path d="m16 18 88 88" />
  </Drawing>
);

export const Clock = () => (
  <Drawing name="clock">
    <circle cx="60" cy="60" r="54" />
    <path d="M60 28v34l20 14" />
  </Drawing>
);

export const Pause = () => (
  <Drawing name="pause">
    <circle cx="60" cy="60" r="54" />
    <path class="bold" d="M48 42v36m24-36v36" />
  </Drawing>
);

export const SeePhone = () => (
  <Drawing name="phone">
    <rect x="30" y="6" width="60" height="108" rx="12" />
    <path class="thin" d="M52 17h16" />
    <path d="M44 44h32M44 60h32M44 76h18" />
    <circle class="badge" cx="90" cy="90" r="20" />
    <path class="on-badge" d="M90 80v11" />
    <circle class="on-badge-dot" cx="90" cy="99.5" r="3.2" />
  </Drawing>
);

const Corners = () => <path d="M10 34V10h24M86 10h24v24M10 86v24h24M86 110h24V86" />;

// A code's own three squares, and a few modules.
const CodeSquares = () => (
  <>
    <path d="M30 30h20v20H30Zm40 0h20v20H70ZM30 70h20v20H30Z" />
    <path class="bold" d="M70 70v.01m10 9.99v.01M90 70v.01M70 90v.01m20-.01v.01" />
  </>
);

export const PayByCode = () => (
  <Drawing name="pay-by-code">
    <Corners />
    <CodeSquares />
  </Drawing>
);

// A phone with a code on it, held to a scanner.
export const ShowYourCode = () => (
  <Drawing name="show-code">
    <path d="M18 5h84l-9 14H27Z" />
    <path class="faint" d="M60 27v8M36 27l-4 8m52-8 4 8" />
    <g class="hand">
      <path d="M26 116V55a10 10 0 0 1 10-10h48a10 10 0 0 1 10 10v61" />
      <g transform="translate(22 41) scale(.63)">
        <path d="M30 30h22v22H30Zm38 0h22v22H68ZM30 68h22v22H30Z" />
        <path class="bold" d="M71 71v.01m16-.01v.01M71 87v.01m16-.01v.01" />
      </g>
    </g>
  </Drawing>
);

// A phone with a button to press, and the finger on it.
export const ConfirmOnPhone = () => (
  <Drawing name="confirm">
    <path d="M82 68V18a12 12 0 0 0-12-12H34a12 12 0 0 0-12 12v84a12 12 0 0 0 12 12h20" />
    <path class="thin" d="M44 17h16" />
    <path d="m38 46 10 10 18-20" />
    <rect x="34" y="70" width="36" height="16" rx="8" />
    <g class="hand">
      <path
        class="cover"
        d="M74 116 62 99c-4-7 4-12 9-6l5 6V77c0-8 11-8 11 0v16l15 4c6 2 8 6 7 12l-1 7"
      />
    </g>
  </Drawing>
);

export const TapAgain = () => (
  <Drawing name="again">
    <path d="M104 34A54 54 0 1 0 114 60" />
    <path d="M106 10v25H81" />
    <g transform="translate(27 29) scale(.53)">
      <Waves />
      <Hand />
    </g>
  </Drawing>
);

export const OneCard = () => (
  <Drawing name="one">
    <g transform="translate(20 -20)" class="faint">
      <rect x="14" y="34" width="76" height="50" rx="7" />
      <path d="m34 44 36 30m0-30-36 30" />
    </g>
    <g transform="translate(4 20)">
      <rect class="cover" x="14" y="34" width="76" height="50" rx="7" />
      <path d="M14 50h76" />
    </g>
    <circle class="badge" cx="94" cy="94" r="20" />
    <path class="on-badge" d="m88 89 7-6v22" />
  </Drawing>
);

export const OtherCard = () => (
  <Drawing name="other">
    <g transform="translate(-8 -22)">
      <Card />
    </g>
    <g transform="translate(24 24)">
      <rect class="cover" x="14" y="34" width="76" height="50" rx="7" />
      <path d="M14 50h76" />
    </g>
    <path d="M98 24c8 4 12 10 12 20m-9-8 9 10 8-11" />
    <path d="M22 96C14 92 10 86 10 76m9 8-9-10-8 11" />
  </Drawing>
);

export const InsertCard = () => (
  <Drawing name="insert">
    <path d="M6 96h20m68 0h20" />
    <path d="M26 104V18a8 8 0 0 1 8-8h52a8 8 0 0 1 8 8v86" />
    <rect x="42" y="66" width="36" height="28" rx="5" />
    <path class="thin" d="M42 80h12m12 0h12M54 66v28m12-28v28" />
    <path d="M60 22v28m-12-11 12 12 12-12" />
  </Drawing>
);

export const EnterPin = () => (
  <Drawing name="pin">
    <rect x="8" y="40" width="104" height="40" rx="10" />
    <circle class="solid" cx="30" cy="60" r="6" />
    <circle class="solid" cx="50" cy="60" r="6" />
    <circle class="solid" cx="70" cy="60" r="6" />
    <path d="M84 70h14" />
  </Drawing>
);

export const AskStaff = () => (
  <Drawing name="staff">
    <path d="M60 10 114 106H6Z" />
    <path class="bold" d="M60 46v26" />
    <circle class="solid" cx="60" cy="89" r="5.5" />
  </Drawing>
);

const SPEECH = 'M24 14h72q14 0 14 14v42q0 14-14 14H60l-24 22V84H24q-14 0-14-14V28q0-14 14-14Z';

export const Asking = () => (
  <Drawing name="asking">
    <path d={SPEECH} />
    <path class="bold" d="M48 38c2-14 25-13 24 1-1 8-12 8-12 17" />
    <circle class="solid" cx="60" cy="70" r="5.5" />
  </Drawing>
);

export const Notice = () => (
  <Drawing name="notice">
    <path d={SPEECH} />
    <path d="M30 38h60M30 54h60M30 70h34" />
  </Drawing>
);

export const NotConnected = () => (
  <Drawing name="away">
    <path d="M6 60h20m68 0h20" />
    <path d="M26 60c0-16 10-22 22-22v44c-12 0-22-6-22-22Z" />
    <path d="M94 60c0-16-8-22-18-22v44c10 0 18-6 18-22Z" />
    <path d="M48 50h10M48 70h10" />
    <path class="thin" d="m67 20-5 10m-10-12 2 10" />
  </Drawing>
);
