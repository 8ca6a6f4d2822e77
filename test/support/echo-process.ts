/** Gives back each message it is sent, and does nothing else. Ends with its parent. */
process.on('message', (message) => process.send?.(message));
process.on('disconnect', () => process.exit());
