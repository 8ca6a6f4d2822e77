import type { JSX } from 'preact';

interface JsonProps {
  readonly value: unknown;
  /** For who listens: what this is. */
  readonly label: string;
}

/** A message as JSON: names stand out by their weight, words by their slant, and not by colour. */
export const Json = ({ value, label }: JsonProps) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and has to by the keyboard too
  <section class="json" tabIndex={0} aria-label={label}>
    <pre>{written(value, 0)}</pre>
  </section>
);

const written = (value: unknown, depth: number): JSX.Element => {
  if (Array.isArray(value)) {
    return block(
      '[]',
      value.map((one) => written(one, depth + 1)),
      depth,
    );
  }
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).map(([name, one]) => (
      <>
        <b class="json-name">{JSON.stringify(name)}</b>: {written(one, depth + 1)}
      </>
    ));
    return block('{}', fields, depth);
  }
  if (typeof value === 'string') return <span class="json-text">{JSON.stringify(value)}</span>;
  return <i class="json-word">{JSON.stringify(value) ?? 'undefined'}</i>;
};

const block = (signs: string, parts: readonly JSX.Element[], depth: number): JSX.Element => {
  if (parts.length === 0) return <>{signs}</>;
  const indent = '  '.repeat(depth);
  return (
    <>
      {signs[0]}
      {parts.map((part, at) => (
        <>
          {`\n${indent}  `}
          {part}
          {at < parts.length - 1 ? ',' : ''}
        </>
      ))}
      {`\n${indent}${signs[1]}`}
    </>
  );
};
