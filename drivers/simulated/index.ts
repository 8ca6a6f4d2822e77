/** Emulated cards, the two ways of holding one to a terminal, and the issuer that knows them. */
export { type AtcStore, fileStore, memoryStore } from './card/atc-store.ts';
export type { CardActivity, CardOptions, EmulatedCard } from './card/card.ts';
export { type CardFileProblem, cardGroups, isCardFileProblem } from './card/card-file.ts';
export { commandName as commandNameOf } from './card/command.ts';
export type { PresentableCard } from './card/presentable-card.ts';
export type {
  Presentation,
  PresentationEnd,
  PresentationOptions,
  PresentedCommand,
} from './card/presentation.ts';
export {
  CARD_FOLDER,
  type CardDescription,
  type CardFacts,
  cardCode,
  cardFacts,
  describeCard,
  listCards,
  openCard,
} from './cards/catalogue.ts';
export { issuerOf, type Verification, verifyCryptogram } from './issuer/index.ts';
export {
  openSimulatedReader,
  type SimulatedReader,
  type SimulatedReaderOptions,
} from './reader/index.ts';
export { presentToVpcd, VPCD_PORT, type VpcdOptions } from './vpcd/present.ts';
