import type { Lights } from '#ports/customer-display.ts';

/**
 * The four contactless indicators, all green (Book A, option 1). The style sheet draws each name.
 */
export const FourLights = ({ lights }: { readonly lights: Lights }) => (
  <div class="lights" data-lights={lights} aria-hidden="true">
    <i class="light" />
    <i class="light" />
    <i class="light" />
    <i class="light" />
  </div>
);
