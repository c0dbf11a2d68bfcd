// The sharp half of the benchmark: one JSON line in, one out. Only the resizing is timed, by the CPU
// time of the whole process, with libvips on one thread and its cache off.
const readline = require('node:readline');
const sharp = require('sharp');

sharp.concurrency(1);
sharp.cache(false);

const say = (object) => process.stdout.write(JSON.stringify(object) + '\n');

async function answer(line) {
  const { Box, Quality, Files } = JSON.parse(line);
  const files = Files.map((text) => Buffer.from(text, 'base64'));
  const made = [];
  const before = process.cpuUsage();
  for (const file of files) {
    made.push(await sharp(file)
      .resize(Box, Box, { fit: 'inside', withoutEnlargement: true })
      .jpeg({ quality: Quality })
      .toBuffer());
  }
  const { user, system } = process.cpuUsage(before);
  say({ Microseconds: user + system, Made: made.map((buffer) => buffer.toString('base64')) });
}

say({ Version: sharp.versions.sharp });
const lines = readline.createInterface({ input: process.stdin, crlfDelay: Infinity });
(async () => {
  for await (const line of lines) {
    await answer(line).catch((error) => say({ Error: String(error) }));
  }
})();
