// Refuses a path that does not lie below a root: by its text, or since a link on the way leads elsewhere.
import {readlinkSync} from 'node:fs'
import {isAbsolute, join, relative, sep} from 'node:path'
import {UserError} from '../errors/userError.ts'
import {lstatIfThere} from '../files/ifThere.ts'

/**
 * Throws a `UserError`. What the path itself names may be a link, since a rename moves it and does not follow it; folders
 * on the way that do not exist yet lead nowhere. The root may be reached through links.
 */
export function refuseOutside(root: string, path: string): void {
  const names = relative(root, path).split(sep)
  if (names[0] === '' || names[0] === '..' || isAbsolute(names[0] ?? ''))
    throw new UserError(`${path}: should lie below ${root}, and does not`, 'nothing was changed; pnpm status')
  let folder = root
  for (const name of names.slice(0, -1)) {
    folder = join(folder, name)
    const stats = lstatIfThere(folder)
    if (stats === undefined) return
    if (stats.isSymbolicLink())
      throw new UserError(
        `${path}: should lie below ${root}, but a link on the way leads to another place: ${folder} → ${readlinkSync(folder)}`,
        'replace the link by the folder itself, then run it again',
      )
    if (!stats.isDirectory())
      throw new UserError(`${folder}: should be a folder, and is a file`, 'move it away, then run it again')
  }
}
