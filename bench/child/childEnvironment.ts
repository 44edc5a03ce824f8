// The variables that a measured program sees: the user's, without what belongs to this run of the bench or to a CI job.

// pnpm and npm tell their scripts how they were called; a program that finds that behaves as their child.
const ofOurCaller = /^(npm|pnpm)_|^(PNPM_SCRIPT_SRC_DIR|INIT_CWD|NODE|NODE_OPTIONS|NODE_COMPILE_CACHE|FORCE_COLOR)$/i
const ofTheJob = /^(GITHUB_|SEAWORTHY_)|^CI$/

/** `extra` wins. Folders of installed packages are taken off PATH, since a user's shell does not have them. */
export function childEnvironment(
  variables: Readonly<Record<string, string | undefined>>,
  extra: Record<string, string>,
): Record<string, string> {
  const kept = Object.entries(variables).flatMap(([name, value]) =>
    value === undefined || ofOurCaller.test(name) || ofTheJob.test(name) ? [] : [[name, value] as const],
  )
  const searchPath = (variables.PATH ?? '').split(':').filter(folder => !folder.includes('/node_modules/'))
  return {...Object.fromEntries(kept), PATH: searchPath.join(':'), ...extra}
}
