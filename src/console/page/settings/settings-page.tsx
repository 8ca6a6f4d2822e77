import type { SettingsView } from '../../api.ts';
import { isRefusal } from '../api-client.ts';
import { useConsole } from '../console-context.ts';
import { errorsFrom } from '../pieces/form.tsx';
import { Page, Pending } from '../pieces/page.tsx';
import { T } from '../texts.ts';
import { useLoad } from '../use-load.ts';
import { fill } from '../words.ts';
import { LimitsPanel } from './limits-panel.tsx';
import type { Save } from './save.ts';
import { TextsPanel } from './texts-panel.tsx';

/** What a shop may change: limits below those that are configured, and its own words. */
export const SettingsPage = () => {
  const { client, say, format } = useConsole();
  const { value, refusal, reload, put } = useLoad<SettingsView>('settings');
  const save: Save = async (change, fields) => {
    const answer = await client.send<SettingsView>('PUT', 'settings', change);
    if (isRefusal(answer)) return errorsFrom(answer, fields);
    put(answer);
    say(T.settings.saved);
    return undefined;
  };
  const changed =
    value?.changedAtMs === undefined
      ? T.settings.unchanged
      : fill(T.settings.changed, {
          when: format.moment(value.changedAtMs),
          person: value.changedBy ?? '',
        });
  return (
    <Page title={T.settings.title} {...(value === undefined ? {} : { intro: changed })}>
      {value === undefined ? (
        <Pending {...(refusal === undefined ? {} : { refusal })} reload={reload} />
      ) : (
        <>
          <LimitsPanel limits={value.limits} save={save} />
          <TextsPanel texts={value.texts} save={save} />
        </>
      )}
    </Page>
  );
};
