// Splits a stream into lines without ever holding more than a limit.
import type {Readable} from 'node:stream'

/** Hands on each line (without its end); `onTooLong` is called once, after which nothing more is kept or handed on. */
export function readLines(
  stream: Readable,
  maximumBytes: number,
  {onLine, onTooLong}: {onLine: (line: string) => void; onTooLong: () => void},
): void {
  let parts: Buffer[] = []
  let bytes = 0
  let tooLong = false
  stream.on('data', (chunk: Buffer) => {
    let rest = chunk
    while (!tooLong && rest.length > 0) {
      const end = rest.indexOf(10)
      const part = end < 0 ? rest : rest.subarray(0, end)
      parts.push(part)
      bytes += part.length
      if (bytes > maximumBytes) {
        tooLong = true
        parts = []
        return onTooLong()
      }
      if (end < 0) return
      onLine(Buffer.concat(parts).toString('utf8').replace(/\r$/, ''))
      parts = []
      bytes = 0
      rest = rest.subarray(end + 1)
    }
  })
}
