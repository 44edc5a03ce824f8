// A real Chromium for tests of pages, or the reason why it is missing.
import {existsSync} from 'node:fs'
import {delimiter, join} from 'node:path'
import {type Browser, chromium} from 'playwright-core'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** Path of the first Chromium on PATH, or undefined. */
function chromiumPath(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return folders.flatMap(folder => names.map(name => join(folder, name))).find(existsSync)
}

/** `skip` of a test: false when there is a Chromium, else the reason. */
export const noChromium = chromiumPath() ? false : `no Chromium on PATH (looked for ${names.join(', ')})`

export async function openChromium(): Promise<Browser> {
  const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking']
  const args = [...flags, '--disable-component-update', '--disable-sync']
  return chromium.launch({executablePath: chromiumPath(), headless: true, args, timeout: 30_000})
}
