// Calls back whenever a file may have changed, whichever way it is replaced and whatever the file system tells.
import {type FSWatcher, watch} from 'node:fs'
import {stat} from 'node:fs/promises'
import {basename, dirname} from 'node:path'

/**
 * Watches `path`. Notices of the folder make it quick; a poll makes it sure, since notices are lost on some file systems
 * and when the folder itself is replaced. `onChange` is called once at the start too. Returns what ends the watching.
 */
export function watchFile(path: string, onChange: () => void, pollMs = 250): () => void {
  let seen = 'unread'
  let looking = false
  let again = false
  let closed = false
  const look = async () => {
    if (looking) {
      again = true
      return
    }
    looking = true
    do {
      again = false
      const now = await identity(path)
      if (closed) return
      if (now !== seen) {
        seen = now
        onChange()
      }
    } while (again)
    looking = false
  }
  const watcher = watchFolder(path, () => void look())
  const poll = setInterval(() => void look(), pollMs)
  void look()
  return () => {
    closed = true
    clearInterval(poll)
    watcher?.close()
  }
}

/** Differs for every replacement by rename and for every write in place. */
async function identity(path: string): Promise<string> {
  try {
    const {ino, mtimeNs, ctimeNs, size} = await stat(path, {bigint: true})
    return `${ino} ${mtimeNs} ${ctimeNs} ${size}`
  } catch (error) {
    // Whoever reads it next says what is wrong; that it is another fault than before is enough here.
    return (error as NodeJS.ErrnoException).code ?? 'unreadable'
  }
}

function watchFolder(path: string, onNotice: () => void): FSWatcher | undefined {
  const name = basename(path)
  try {
    // Some systems do not tell which file it was.
    const watcher = watch(dirname(path), (_kind, file) => {
      if (file === name || file === null) onNotice()
    })
    // The poll goes on without notices.
    watcher.on('error', () => watcher.close())
    return watcher
  } catch {
    // The poll does it alone.
    return undefined
  }
}
