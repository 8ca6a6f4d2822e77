/** A terminal that hasn't answered by then is not there: what was touched can be touched again. */
const ANSWER_MS = 3000;

/** Posts to the terminal; true when it was taken. */
export async function post(path: 'choice' | 'answer', body: unknown): Promise<boolean> {
  try {
    const answer = await fetch(path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    return answer.ok;
  } catch {
    return false;
  }
}
