// A slide as a page of 1280 × 720: a heading, then lines, a figure (SVG drawn
// by the script's author), or both side by side. Flat colours only: a gradient
// would cost more bytes than the words.
const palettes = {
	agriculture: ['#17633f', '#e7f3ec'],
	manufacturing: ['#7a4a12', '#f7efe4'],
	information: ['#1c4f8f', '#e6eef8'],
	energy: ['#8a3b12', '#fbeee6'],
	management: ['#57308a', '#f0eaf8'],
	public: ['#0f5c78', '#e5f1f5'],
}
const escape = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;')

export function slideHTML(slide, script, index) {
	const [ink, wash] = palettes[script.palette]
	const lines = (slide.lines ?? []).map((l) => `<li>${escape(l)}</li>`).join('')
	const body = index === 0 && !slide.figure
		? `<p class="sub">${escape((slide.lines ?? []).join(' '))}</p>`
		: `<div class="cols">${lines ? `<ul>${lines}</ul>` : ''}${slide.figure ? `<figure>${slide.figure}</figure>` : ''}</div>`
	return `<!doctype html><meta charset="utf-8"><style>
*{box-sizing:border-box;margin:0}
body{width:1280px;height:720px;font-family:"Noto Sans CJK SC","Noto Sans SC",sans-serif;color:#17202c;background:#fff;padding:64px 80px;position:relative;overflow:hidden}
body::before{content:"";position:absolute;left:0;top:0;bottom:0;width:14px;background:${ink}}
body::after{content:"";position:absolute;z-index:-1;right:-190px;bottom:-250px;width:560px;height:560px;border-radius:50%;background:${wash}}
.course{font-size:20px;color:${ink};letter-spacing:.04em}
h1{text-wrap:balance;font-size:${index === 0 ? 66 : 48}px;line-height:1.25;margin-top:${index === 0 ? 150 : 14}px;color:${index === 0 ? ink : '#17202c'};font-weight:700}
.sub{font-size:30px;line-height:1.6;margin-top:28px;color:#45505f;max-width:960px}
.cols{display:flex;gap:48px;margin-top:40px;align-items:center}
ul{list-style:none;padding:0;flex:1 1 0;min-width:0}
li{font-size:${slide.figure ? 29 : 34}px;line-height:1.5;margin-bottom:20px;padding-left:34px;position:relative}
li::before{content:"";position:absolute;left:4px;top:${slide.figure ? 16 : 20}px;width:12px;height:12px;border-radius:3px;background:${ink}}
figure{flex:1.15 1 0;min-width:0}figure svg{width:100%;max-height:430px;font-family:inherit;--ink:${ink};--wash:${wash}}
.foot{position:absolute;right:80px;bottom:36px;font-size:18px;color:#7b8695}
</style><p class="course">${escape(script.course)}</p><h1>${escape(slide.title)}</h1>${body}<p class="foot">${index + 1} / ${script.slides.length}</p>`
}
