import { useEffect, useState } from 'preact/hooks';
import type { TextsLine } from '../../api.ts';
import { useConsole } from '../console-context.ts';
import { Badge } from '../pieces/badge.tsx';
import { Button } from '../pieces/button.tsx';
import { SelectField, TextArea } from '../pieces/field.tsx';
import { type Errors, errorOf, Form } from '../pieces/form.tsx';
import { Panel } from '../pieces/page.tsx';
import { T } from '../texts.ts';
import { useAction } from '../use-load.ts';
import { wordsOf } from '../words.ts';
import type { Save } from './save.ts';

interface TextsPanelProps {
  readonly texts: readonly TextsLine[];
  readonly save: Save;
}

/** What the shoppers' display says, screen by screen. */
export const TextsPanel = ({ texts, save }: TextsPanelProps) => {
  const { session } = useConsole();
  const own = session.language.slice(0, 2);
  const [language, setLanguage] = useState(
    () => texts.find((line) => line.language === own)?.language ?? texts[0]?.language ?? '',
  );
  const line = texts.find((one) => one.language === language);
  return (
    <Panel title={T.texts.title}>
      <p class="quiet">{T.texts.intro}</p>
      <SelectField
        name="language"
        label={T.texts.language}
        value={language}
        options={texts.map((one) => [one.language, one.name] as const)}
        onValue={setLanguage}
      />
      {line?.screens.map((screen) => (
        <ScreenTexts
          key={`${language} ${screen.screen}`}
          language={language}
          screen={screen}
          save={save}
        />
      ))}
    </Panel>
  );
};

interface ScreenTextsProps {
  readonly language: string;
  readonly screen: TextsLine['screens'][number];
  readonly save: Save;
}

const ScreenTexts = ({ language, screen, save }: ScreenTextsProps) => {
  const { may } = useConsole();
  return (
    <details class="screen-texts">
      <summary>
        <span class="screen-name">{wordsOf(T.screens, screen.screen)}</span>
        <span class="quiet" lang={language} dir="auto">
          {screen.headline}
        </span>
        {screen.changed && <Badge tone="calm">{T.texts.own}</Badge>}
      </summary>
      <div class="screen-body">
        <figure class="configured" lang={language} dir="auto">
          <figcaption lang="en" dir="ltr">
            {T.texts.configured}
          </figcaption>
          <strong>{screen.configured.headline}</strong>
          <span>{screen.configured.detail}</span>
        </figure>
        {may('changeSettings') ? (
          <ScreenForm language={language} screen={screen} save={save} />
        ) : (
          <p lang={language} dir="auto">
            <strong>{screen.headline}</strong> {screen.detail}
          </p>
        )}
      </div>
    </details>
  );
};

const ScreenForm = ({ language, screen, save }: ScreenTextsProps) => {
  const [headline, setHeadline] = useState(screen.headline);
  const [detail, setDetail] = useState(screen.detail);
  // What counts now takes the place of what was typed, and the form keeps its focus.
  useEffect(() => setHeadline(screen.headline), [screen.headline]);
  useEffect(() => setDetail(screen.detail), [screen.detail]);
  const [errors, setErrors] = useState<Errors>({});
  const { busy, run } = useAction();
  const name = wordsOf(T.screens, screen.screen);
  const store = (words: { headline: string; detail: string } | null): void =>
    run(async () => {
      const change = { texts: [{ language, screen: screen.screen, words }] };
      setErrors((await save(change, ['headline', 'detail'])) ?? {});
    });
  const submit = (): void => {
    if (headline.trim() === '') setErrors({ headline: T.texts.headlineMissing });
    else store({ headline: headline.trim(), detail: detail.trim() });
  };
  return (
    <Form errors={errors} onSubmit={submit} label={name}>
      <TextArea
        name="headline"
        label={T.texts.headline}
        lang={language}
        maxLength={60}
        value={headline}
        error={errorOf(errors, 'headline')}
        onValue={setHeadline}
      />
      <TextArea
        name="detail"
        label={T.texts.detail}
        lang={language}
        maxLength={120}
        value={detail}
        error={errorOf(errors, 'detail')}
        onValue={setDetail}
      />
      <div class="actions">
        <Button submit kind="primary" busy={busy} busyWords={T.saving} about={name}>
          {T.save}
        </Button>
        {screen.changed && (
          <Button
            icon="undo"
            busy={busy}
            busyWords={T.saving}
            about={name}
            onPress={() => store(null)}
          >
            {T.putBack}
          </Button>
        )}
      </div>
    </Form>
  );
};
