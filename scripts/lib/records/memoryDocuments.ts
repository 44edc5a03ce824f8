// The documents of an environment in this process: for tests, and for a target that exists in memory alone.
import {Unreadable} from '../files/savedText.ts'
import {checkFolder, checkKey, checkVersion, type Document, type Documents} from './documents.ts'

export interface MemoryDocuments {
  /** Kept outside, so that several that open it see the same documents. */
  kept: Map<string, Document>
  /** Called before each change. Throws when another run may be at work. */
  assert?: () => void
  /** Why a document or a folder of keys cannot be read, a sentence part; undefined when it can. */
  faultOf?: (keyOrFolder: string) => string | undefined
}

export function memoryDocuments({kept, assert, faultOf}: MemoryDocuments): Documents {
  const place = (key: string) => {
    checkKey(key)
    return `memory:${key}`
  }
  const checkReadable = (keyOrFolder: string) => {
    const fault = faultOf?.(keyOrFolder)
    if (fault !== undefined) throw new Unreadable(`memory:${keyOrFolder}`, fault)
  }
  return {
    place,
    removal: key => `remove ${place(key)}`,
    read: async key => {
      checkKey(key)
      checkReadable(key)
      return kept.get(key)
    },
    list: async folder => {
      checkFolder(folder)
      checkReadable(folder)
      const isRightIn = (key: string) => key.startsWith(folder) && !key.slice(folder.length).includes('/')
      return [...kept.keys()].filter(isRightIn).sort()
    },
    write: async (key, text, options = {}) => {
      const found = kept.get(key)
      checkVersion(place(key), options, found?.version)
      assert?.()
      kept.set(key, {text, version: found?.text === text ? found.version : crypto.randomUUID()})
    },
    remove: async key => {
      checkKey(key)
      assert?.()
      kept.delete(key)
    },
  }
}
