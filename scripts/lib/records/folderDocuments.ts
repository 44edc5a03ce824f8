// The documents of an environment on this host: each a file below its root folder, at the path that is its key.
import {hash} from 'node:crypto'
import {join} from 'node:path'
import {type Changes, unguarded} from '../files/changes.ts'
import {namesIfThere} from '../files/ifThere.ts'
import {savedText} from '../files/savedText.ts'
import {checkFolder, checkKey, checkVersion, type Documents, isKey} from './documents.ts'

/**
 * Writes and removes by `changes`, those of a lease for whatever runs share. Each method does its work before it returns its
 * promise, so that effects keep the order in which they are called for, and no other work of this process comes between the
 * check of a version and the write.
 */
export function folderDocuments(root: string, {write, remove}: Changes = unguarded): Documents {
  const place = (key: string) => {
    checkKey(key)
    return join(root, key)
  }
  return {
    place,
    removal: key => `rm -r ${place(key)}`,
    read: async key => {
      const text = savedText(place(key))
      return text === undefined ? undefined : {text, version: versionOf(text)}
    },
    list: async folder => {
      checkFolder(folder)
      // What a person left there under another name is none of our documents.
      return namesIfThere(join(root, folder))
        .sort()
        .map(name => `${folder}${name}`)
        .filter(isKey)
    },
    write: async (key, text, options = {}) => {
      const path = place(key)
      if (options.ifVersion !== undefined) {
        const found = savedText(path)
        checkVersion(path, options, found === undefined ? undefined : versionOf(found))
      }
      write(path, text)
    },
    remove: async key => remove(place(key)),
  }
}

// Of the text alone: a file system may give two writes in a row the same time and the same inode.
function versionOf(text: string): string {
  return hash('sha256', text).slice(0, 16)
}
