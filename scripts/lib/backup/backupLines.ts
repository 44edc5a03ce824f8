// The lines of `pnpm backups`, a pure function of what is known of each backup.

import {shortDigest} from '../release/release.ts'
import type {ListedBackup} from './listBackups.ts'

export function backupLines(folder: string, backups: readonly ListedBackup[]): string[] {
  if (backups.length === 0) return [`${folder}: there is no backup yet`, '→ pnpm backup makes one of what is live']
  const rows = backups.map(cells)
  const widths = [0, 1, 2, 3, 4, 5].map(column => Math.max(...rows.map(row => row[column]?.length ?? 0)))
  const lines = rows.map(row => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '))
  return [
    folder,
    ...lines.map(line => `  ${line}`.trimEnd()),
    ...(backups.some(({isLatest}) => isLatest) ? [] : ['  latest means none of them: name the one that you want']),
    '→ pnpm rollback --from-backup NAME restores one; the beginning of its name is enough',
  ]
}

const reasons = {manual: 'by hand', deploy: 'before a deploy', restore: 'before a restore'} as const
const states = {
  whole: ['✓', ''],
  unread: ['?', 'not read back here: pnpm backup:verify FILE'],
  gone: ['✗', 'its file is gone'],
  damaged: ['✗', 'its file has another size than it was made with'],
  elsewhere: ['?', 'on another host'],
} as const

function cells({name, reason, bytes, release, servers, encrypted, state, isLatest}: ListedBackup): string[] {
  const [sign, remark] = states[state]
  const remarks = [isLatest ? 'latest' : '', encrypted ? 'encrypted' : '', remark].filter(one => one !== '')
  return [
    sign,
    name.replace(/\.tar\.gz(\.age)?$/, ''),
    reason === undefined ? '–' : reasons[reason],
    bytes === undefined ? '–' : `${(bytes / 1e6).toFixed(1)} MB`,
    `release ${shortDigest(release)}`,
    servers === undefined ? '–' : servers.length === 0 ? 'no state' : `state of ${servers.join(', ')}`,
    remarks.join(', '),
  ]
}
