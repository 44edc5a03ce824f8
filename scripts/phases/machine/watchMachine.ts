// How busy this machine, and this process, was in a span of time: evidence for or against every time that is measured here.
import {readFileSync} from 'node:fs'
import {availableParallelism, loadavg} from 'node:os'
import {type EventLoopUtilization, performance} from 'node:perf_hooks'

/** The load of one span of time. */
export interface MachineLoad {
  /** How many tasks ran or were ready to run, on average over the span; the load of the last minute where no kernel says more. */
  load: number
  cores: number
  /** Share of the span, 0 to 1, that a hypervisor gave to others; undefined where no kernel says. */
  stolen?: number
  /** Share of the span, 0 to 1, in which the event loop of this process was at work: then times are longer by that. */
  ownWork: number
  ms: number
}

export interface Moment {
  at: number
  ticks: Ticks | undefined
  loop: EventLoopUtilization
}

export interface MachineWatch extends Disposable {
  now: () => Moment
  /** The load from that moment on. */
  since: (moment: Moment) => MachineLoad
}

interface Ticks {
  all: number
  stolen: number
}

const everyMs = 100
// Ten minutes; a phase that takes longer is judged by its last ones.
const samplesAtMost = 6000

/** Looks ten times a second until it is disposed of; a look costs some microseconds. */
export function watchMachine(): MachineWatch {
  const samples: {at: number; running: number}[] = []
  const look = () => {
    const running = runningTasks()
    if (running === undefined) return
    samples.push({at: performance.now(), running})
    if (samples.length > samplesAtMost) samples.shift()
  }
  const timer = setInterval(look, everyMs)
  // It must not keep a program alive.
  timer.unref()
  return {
    now: () => ({at: performance.now(), ticks: ticksNow(), loop: performance.eventLoopUtilization()}),
    since: moment => {
      look()
      const seen = samples.filter(({at}) => at >= moment.at).map(({running}) => running)
      const mean = seen.length === 0 ? (loadavg()[0] ?? 0) : seen.reduce((sum, one) => sum + one, 0) / seen.length
      return {
        load: Math.round(mean * 10) / 10,
        cores: availableParallelism(),
        stolen: stolenSince(moment.ticks),
        ownWork: hundredths(performance.eventLoopUtilization(moment.loop).utilization),
        ms: Math.round(performance.now() - moment.at),
      }
    },
    [Symbol.dispose]: () => clearInterval(timer),
  }
}

/** Tasks that run or are ready to, but for this one (proc_loadavg(5)). */
function runningTasks(): number | undefined {
  const [, running] = /^\S+ \S+ \S+ (\d+)\//.exec(textOf('/proc/loadavg') ?? '') ?? []
  return running === undefined ? undefined : Math.max(0, Number(running) - 1)
}

// The first line of /proc/stat: user, nice, system, idle, iowait, irq, softirq, steal (proc_stat(5)).
function ticksNow(): Ticks | undefined {
  const [, line] = /^cpu +(.*)$/m.exec(textOf('/proc/stat') ?? '') ?? []
  const ticks = line?.split(' ').slice(0, 8).map(Number)
  return ticks === undefined ? undefined : {all: ticks.reduce((sum, one) => sum + one, 0), stolen: ticks[7] ?? 0}
}

function stolenSince(before: Ticks | undefined): number | undefined {
  const now = ticksNow()
  if (before === undefined || now === undefined) return undefined
  return now.all === before.all ? 0 : hundredths((now.stolen - before.stolen) / (now.all - before.all))
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // Another system than Linux, or one that shows nothing: there is no such evidence then.
    return undefined
  }
}

function hundredths(share: number): number {
  return Math.round(share * 100) / 100
}
