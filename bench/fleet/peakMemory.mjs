// Preloaded into a measured program: writes its largest resident memory in MB into the file named by PEAK_MEMORY_FILE.
import {readFileSync, writeFileSync} from 'node:fs'

// maxRSS of Linux may be that of the process that started us, since it is kept across exec; VmHWM is ours alone.
function peakMegabytes() {
  try {
    const [, kibibytes] = /^VmHWM:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))
    return Number(kibibytes) / 1024
  } catch {
    return process.resourceUsage().maxRSS / 1024
  }
}

process.on('exit', () => writeFileSync(process.env.PEAK_MEMORY_FILE, String(peakMegabytes())))
