/**
 * Asks a person at the keyboard for something that nobody else may see: it isn't shown, not even
 * how long it is. Ctrl-C and Ctrl-D give up. The question goes to standard error, for what a
 * command prints may be read by another.
 */
export const promptHidden = async (prompt: string): Promise<string | { problem: string }> => {
  const { stdin, stderr } = process;
  if (!stdin.isTTY) {
    return { problem: 'nobody is at the keyboard: give PINs with --pin-stdin or --pin-file' };
  }
  // First, so that nothing that is typed after the question can be seen.
  stdin.setRawMode(true);
  stderr.write(prompt);
  try {
    return await typedLine();
  } finally {
    stdin.setRawMode(false);
    stdin.pause();
    stderr.write('\n');
  }
};

const typedLine = (): Promise<string | { problem: string }> => {
  const { stdin } = process;
  return new Promise((resolve) => {
    let typed = '';
    const decoder = new TextDecoder();
    const end = (outcome: string | { problem: string }, rest = '') => {
      stdin.removeListener('data', onData);
      stdin.removeListener('end', onEnd);
      // What was typed ahead answers the next question.
      if (rest !== '') stdin.unshift(Buffer.from(rest));
      resolve(outcome);
    };
    const onEnd = () => end({ problem: GIVEN_UP });
    const onData = (chunk: Buffer) => {
      const text = decoder.decode(chunk, { stream: true });
      for (const [at, key] of [...text].entries()) {
        if (key === '\r' || key === '\n') return end(typed, [...text].slice(at + 1).join(''));
        if (key === '\u0003' || key === '\u0004') return end({ problem: GIVEN_UP });
        if (key === '\u007f' || key === '\b') typed = typed.slice(0, -1);
        else if (key === '\u0015') typed = '';
        else typed += key;
      }
    };
    stdin.on('data', onData);
    stdin.on('end', onEnd);
    stdin.resume();
  });
};

const GIVEN_UP = 'given up: nothing was changed';
