// Lets a program go on when nobody reads any more what it prints: a closed terminal, a lost connection, `| head -1`.

const goneCodes = ['EPIPE', 'EIO', 'ENXIO', 'ECONNRESET']

/**
 * Without it the first line that cannot be written ends the program wherever it is, such as in the middle of a rollback. Other
 * faults of the output, such as a full disk behind `>`, are thrown unless `evenUnprinted` is set.
 */
export function outliveReaders({evenUnprinted = false}: {evenUnprinted?: boolean} = {}): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', error => {
      if (!evenUnprinted && !goneCodes.includes((error as NodeJS.ErrnoException).code ?? '')) throw error
    })
}
