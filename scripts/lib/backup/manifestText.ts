// Collects the text of a manifest within its limits, so that a small archive cannot fill the memory of who reads it.
import {StringDecoder} from 'node:string_decoder'
import {manifestLimits} from './manifest.ts'

export interface ManifestText {
  /** Returns what is wrong as a sentence part, once a limit is passed. */
  add: (chunk: Buffer) => string | undefined
  end: () => string
}

// Each value of a document but the first follows one of them; those within names count as well, which does no harm.
const separators = new Set([...'{[,'].map(character => character.charCodeAt(0)))

/** Values are counted while they arrive, since each takes many times its text once it is parsed. */
export function manifestText({bytes, values}: {bytes: number; values: number} = manifestLimits) {
  const decoder = new StringDecoder('utf8')
  const parts: string[] = []
  let [length, count] = [0, 0]
  return {
    add: chunk => {
      length += chunk.length
      for (const byte of chunk) if (separators.has(byte)) count++
      if (length > bytes) return tooLarge(`${bytes} bytes`)
      if (count > values) return tooLarge(`${values} values`)
      parts.push(decoder.write(chunk))
      return undefined
    },
    end: () => parts.join('') + decoder.end(),
  } satisfies ManifestText
}

/** The sentence part for a manifest beyond a limit. */
export function tooLarge(limit: string): string {
  return `should have at most ${limit}, as every manifest that is written has, and has more`
}
