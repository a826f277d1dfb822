// Runs the solver of a checkout of Good-Enough Golfers: node golfers_side.js FOLDER GROUPS SIZE ROUNDS
const fs = require('fs')
const path = require('path')
const [folder, ...numbers] = process.argv.slice(2)
global._ = require(path.join(path.resolve(folder), 'node_modules', 'lodash'))
const solve = new Function(fs.readFileSync(path.join(folder, 'lib', 'geneticSolver.js'), 'utf8') + '\nreturn geneticSolver')()
const began = process.hrtime.bigint()
let rounds = []
solve(...numbers.map(Number), [], [], (told) => { rounds = told.rounds })
const seconds = Number(process.hrtime.bigint() - began) / 1e9
const met = new Map()
for (const round of rounds) for (const group of round) for (const a of group) for (const b of group) {
  if (a < b) met.set(`${a} ${b}`, (met.get(`${a} ${b}`) ?? 0) + 1)
}
const repeats = [...met.values()].reduce((sum, count) => sum + count - 1, 0)
console.log(JSON.stringify({ seconds, repeats }))
