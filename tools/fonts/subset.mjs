// Makes internal/registry/certpdf/NotoSerifSC.ttf.gz: Noto Serif SC (OFL 1.1)
// with Latin and every CJK ideograph of the basic plane, so that no name is
// printed with a box. Run with: npm i @expo-google-fonts/noto-serif-sc subset-font
import fs from 'node:fs'
import zlib from 'node:zlib'
import subset from 'subset-font'

const [source, target] = process.argv.slice(2)
const range = (a, b) => Array.from({ length: b - a + 1 }, (_, i) => String.fromCodePoint(a + i)).join('')
const wanted =
	range(0x20, 0x7e) + range(0xa0, 0x17f) + range(0x2010, 0x2027) + range(0x3000, 0x303f) + range(0xff00, 0xffef) + range(0x4e00, 0x9fff) + '№℃'
const font = await subset(fs.readFileSync(source), wanted, { targetFormat: 'truetype', noLayoutClosure: true })
fs.writeFileSync(target, zlib.gzipSync(font, { level: 9 }))
