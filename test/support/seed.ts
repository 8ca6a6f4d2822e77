import fc from 'fast-check';

// A run can be repeated: properties draw from one seed, and from another where SEED says so.
fc.configureGlobal({ seed: Number(process.env['SEED'] ?? 20261121) });
