package pngplanes

const haveVectors = true // NEON is part of every arm64
