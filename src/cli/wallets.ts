import { askWallets, type WalletRequest } from '#drivers/simulated/wallets/index.ts';
import { isFault } from '#ports/fault.ts';
import { type ExitCode, exit, fail, say } from './exit.ts';

/** `countertap wallets …`: asks the simulated wallets, or acts for their shoppers. */
export const wallets = async (socket: string, request: WalletRequest): Promise<ExitCode> => {
  const answer = await askWallets(socket, request);
  if (isFault(answer)) return fail(answer.detail);
  if (!answer.ok) return fail(answer.error);
  say(JSON.stringify(answer, null, 2));
  return exit.ok;
};

/** `countertap wallets code`: the code and nothing else, so that it can be handed on. */
export const code = async (
  socket: string,
  wallet: string,
  shopper: string,
  typed: boolean,
): Promise<ExitCode> => {
  const answer = await askWallets(socket, { op: 'code', wallet, shopper });
  if (isFault(answer)) return fail(answer.detail);
  if (!answer.ok) return fail(answer.error);
  const { code: scanned, digits } = answer;
  if (typed && typeof digits !== 'string') return fail(`${wallet} has no digits to read aloud`);
  say(String(typed ? digits : scanned));
  return exit.ok;
};
