/** Whether the results (TVR) have a bit set that an action code (TAC or IAC) names. Book 3 §10.7 */
export const concerned = (results: Uint8Array, code: Uint8Array | undefined): boolean => {
  if (code === undefined) return false;
  for (let i = 0; i < code.length; i++) if (((code[i] ?? 0) & (results[i] ?? 0)) !== 0) return true;
  return false;
};
