import type { ContactlessView } from '../../api.ts';
import { Page, Pending } from '../pieces/page.tsx';
import { hrefOf } from '../route.ts';
import { T } from '../texts.ts';
import { useLoad } from '../use-load.ts';
import { DecisionForm } from './decision-form.tsx';
import type { Asked } from './use-decision.ts';

export const DecisionPage = ({ asked }: { readonly asked: Asked }) => {
  const { value, refusal, reload } = useLoad<ContactlessView>('contactless');
  return (
    <Page
      title={TITLES[asked]}
      back={{ href: hrefOf('contactless'), words: T.contactless.title }}
      intro={INTROS[asked]}
    >
      {value === undefined ? (
        <Pending {...(refusal === undefined ? {} : { refusal })} reload={reload} />
      ) : (
        <DecisionForm asked={asked} view={value} />
      )}
    </Page>
  );
};

const TITLES: Readonly<Record<Asked, string>> = {
  off: T.form.offTitle,
  on: T.form.onTitle,
  anew: T.form.anewTitle,
};

const INTROS: Readonly<Record<Asked, string>> = {
  off: T.form.offIntro,
  on: T.form.onIntro,
  anew: T.form.anewIntro,
};
