// Does everything right, but begins late: there is time for something to happen in the middle of a change.
setTimeout(() => import('./healthy.mjs'), Number(process.env.LATE_MS))
