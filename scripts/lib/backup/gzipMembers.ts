// Compresses a stream by several threads: blocks of it become members of one gzip file, as RFC 1952 allows.
import {promisify} from 'node:util'
import {gzip} from 'node:zlib'

export interface GzipMembers {
  /** 1 to 9, as gzip counts. */
  level: number
  /** Blocks that are compressed at the same time. */
  threads: number
  signal: AbortSignal
}

// Large enough that starting the window again costs nothing that can be measured.
const blockBytes = 1 << 20
const chunkSize = 1 << 18
const zeros = Buffer.alloc(blockBytes)
const compressed = promisify(gzip) as (block: Buffer, options: {level: number; chunkSize: number}) => Promise<Buffer>

/** Chunks of `source` may be reused by whoever made them as soon as the next one is asked for. */
export async function* gzipMembers(
  source: Iterable<Buffer>,
  {level, threads, signal}: GzipMembers,
): AsyncGenerator<Buffer> {
  const under: Promise<Buffer>[] = []
  // Of a hole, which is many of them, one is compressed.
  let ofZeros: Promise<Buffer> | undefined
  const memberOf = (block: Buffer) => {
    if (!block.equals(zeros)) return compressed(block, {level, chunkSize})
    ofZeros ??= compressed(zeros, {level, chunkSize})
    return ofZeros
  }
  const spare = Array.from({length: threads + 1}, () => Buffer.allocUnsafe(blockBytes))
  for (const block of blocks(source, spare)) {
    signal.throwIfAborted()
    const member = memberOf(block)
    // Its failure is thrown when its turn comes; until then nobody listens.
    member.catch(() => undefined)
    under.push(member)
    if (under.length >= threads) yield await first(under)
  }
  while (under.length > 0) yield await first(under)
}

function first(members: Promise<Buffer>[]): Promise<Buffer> {
  const [member] = members.splice(0, 1)
  if (member === undefined) throw new Error('there is no member to wait for')
  return member
}

/** Fills the buffers in turn; one is used again only when all others were. */
function* blocks(source: Iterable<Buffer>, buffers: readonly Buffer[]): Generator<Buffer> {
  let turn = 0
  let filled = 0
  const buffer = () => buffers[turn % buffers.length] ?? Buffer.alloc(blockBytes)
  for (const chunk of source) {
    for (let taken = 0; taken < chunk.length; ) {
      const copied = chunk.copy(buffer(), filled, taken)
      taken += copied
      filled += copied
      if (filled < blockBytes) continue
      yield buffer()
      turn++
      filled = 0
    }
  }
  if (filled > 0) yield buffer().subarray(0, filled)
}
