package privacy

import (
	"strconv"
	"strings"
)

// Holding is one kind of thing that is kept of people. In its texts {deletion},
// {export}, {years} and {beats} stand for the numbers of Terms.
type Holding struct {
	Key  string
	Name Text // what
	What Text
	Why  Text
	Long Text // for how long, and what a deletion does
}

// Holdings are all kinds, in the order they are told.
var Holdings = []Holding{
	{
		"account", Text{"账号", "Your account"},
		Text{"显示姓名、邮箱、界面语言、密码的哈希值（不是密码本身）；如果您设置过，还有两步验证、通行密钥、访问令牌与单位登录的关联，其中的密钥只存密文或哈希值。",
			"The name you go by, your address, your language, and a hash of your password, never the password. If you set them up: your second factors, passkeys, access tokens and sign-in through an organisation, their secrets encrypted or hashed."},
		Text{"让您登录，并把邮件发给您。", "So that you can sign in and be written to."},
		Text{"直到您注销账号。注销申请 {deletion} 天后删除，其间可以撤销。", "Until you delete your account: {deletion} days after you ask, and you can take it back until then."},
	},
	{
		"sign-ins", Text{"登录记录", "Sign-ins"},
		Text{"登录时间、IP 地址、浏览器名称；登录凭据只存哈希值。", "When you signed in, from which network address, with which browser; of the sign-in token a hash alone."},
		Text{"保持登录状态，并让您看到是否有人冒用。", "To keep you signed in, and to let you see whether somebody else did."},
		Text{"登录失效后随即清除；注销账号时删除。", "Cleared soon after a sign-in has ended; deleted with your account."},
	},
	{
		"identity", Text{"真实姓名与证件号码", "Real name and document"},
		Text{"您填写的姓名、证件种类与号码，加密保存，处处只显示部分字符。", "The name, kind and number you entered: encrypted, and shown in part everywhere."},
		Text{"确认学时属于您本人，并保证一人一份档案。只有您同意才会保存。", "To make sure your hours are yours, and that one person has one file. Kept only when you agree."},
		Text{"直到您撤回同意或注销账号，即刻删除。合并申请中填写的号码在审核结束时删除。", "Until you take your consent back or delete your account; then it is deleted. A number in a request to merge two files goes when the request is decided."},
	},
	{
		"roles", Text{"单位与角色", "Where you work and your roles"},
		Text{"您所在的单位、角色及起止日期；单位在人员名单上写的姓名、邮箱、工号、部门与职务。",
			"The organisations you belong to, as what, from when until when; and what an organisation wrote of you in its list of people: name, address, number, department, position."},
		Text{"确定适用的学时政策和您可以使用的功能；历年统计要与当时一致。", "They decide which policy of hours holds for you and what you may do; figures of past years stay as they were."},
		Text{"注销账号时角色终止，记录以无姓名的方式保留。", "Your roles end with your account; that they were held stays, without your name."},
	},
	{
		"learning", Text{"学习与测验", "Courses and quizzes"},
		Text{"选修的课程、学完的课、测验的作答与成绩。", "The courses you took, the lessons you finished, your answers and results."},
		Text{"让您接着学，并作为登记学时的依据。", "So that you can go on where you were; and they are what your hours rest on."},
		Text{"学时须可核查，因此注销后以无姓名的方式保留。", "Hours must be open to checking, so it stays after a deletion, without your name."},
	},
	{
		"notices", Text{"通知与邮件", "Notices and mail"},
		Text{"发给您的通知与邮件、是否送达、您想怎样收到它们。", "What was told and mailed to you, whether the mail arrived, and how you want to be told."},
		Text{"让您知道与您有关的事，同一件事不重复告知。", "So that you learn what concerns you, and each thing once."},
		Text{"通知与邮件定期清除；注销账号时全部删除。", "Old notices and mails are cleared; all are deleted with your account."},
	},
	{
		"notes", Text{"笔记", "Notes"},
		Text{"您在课上写下的文字。", "What you wrote down in lessons."},
		Text{"供您自己使用，别人看不到。", "For you alone; nobody else sees them."},
		Text{"直到您删除笔记或注销账号。", "Until you delete them or your account."},
	},
	{
		"evidence", Text{"学习时间的证据", "Evidence of study time"},
		Text{"何时学习、学到哪里、在线检查的作答、设备名称；不拍照、不录音、不定位。", "When you studied, which parts, your answers to presence checks, the name of the device. No pictures, no sound, no place."},
		Text{"证明学时真实，也让您能自证。", "It proves that the time was real, for you as well as for those who check."},
		Text{"逐次心跳保留 {beats} 天，之后合成一条记录，保留 {years} 年；法规要求留存，注销不提前删除。", "Each report for {beats} days; then one record a session for {years} years. It has to be kept, so a deletion does not shorten this."},
	},
	{
		"hours", Text{"学时与证书", "Hours and certificates"},
		Text{"登记的学时、更正、证书及证书上的姓名。", "Registered hours, corrections, certificates and the name on them."},
		Text{"学时登记是主管部门的法定职责；登记簿只能追加，不能改写。", "Registering hours is a duty by law; the register is only ever added to."},
		Text{"长期保留，注销账号也不删除。", "Kept for good, after a deletion too."},
	},
	{
		"supervision", Text{"监督与留痕", "Supervision and audit"},
		Text{"对异常学习的核查；谁在何时对您的记录做了什么。不含密码和证件号码。", "What was questioned about your study and decided; who did what to your record and when. Never passwords or document numbers."},
		Text{"保护您的记录不被滥用，也让决定可以追查。", "It protects your record, and lets every decision be traced."},
		Text{"留痕按规定长期保留。", "Kept for good, as the rules require."},
	},
	{
		"work", Text{"您编写与审核的内容", "What you wrote and decided in office"},
		Text{"您上传的课件、编写的课程、作出的审核决定。", "Materials you uploaded, courses you wrote, decisions you took."},
		Text{"它们属于单位，并要能查到责任人。", "They belong to your organisation, and somebody answers for them."},
		Text{"随课程保留；注销后不再显示您的姓名。", "As long as the course; after a deletion without your name."},
	},
	{
		"privacy", Text{"您的隐私请求", "Your privacy requests"},
		Text{"导出与注销申请、同意与撤回的时间。", "Your exports and deletions, what you agreed to and when you took it back."},
		Text{"证明我们做了您要求的事。", "To prove that what you asked for was done."},
		Text{"导出文件加密保存，只能下载一次，{export} 天后删除；同意记录在撤回 3 年后删除。", "An export is kept encrypted, can be fetched once, and goes after {export} days; consents go 3 years after they were taken back."},
	},
}

// Told are the holdings with the numbers of an installation in their texts.
func Told(t Terms) []Holding {
	fill := strings.NewReplacer("{deletion}", strconv.Itoa(t.DeletionDays), "{export}", strconv.Itoa(t.ExportDays), "{years}", strconv.Itoa(t.EvidenceYears), "{beats}", strconv.Itoa(t.BeatsDays))
	out := make([]Holding, len(Holdings))
	for i, h := range Holdings {
		h.Long = Text{fill.Replace(h.Long.Zh), fill.Replace(h.Long.En)}
		out[i] = h
	}
	return out
}
