/** Names and their values, a line each. */
export const Rows = ({ rows }: { readonly rows: readonly (readonly [string, string])[] }) => (
  <dl class="facts">
    {rows.map(([name, value]) => (
      <div key={name}>
        <dt>{name}</dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
);
