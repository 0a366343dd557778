package integrity

import (
	"fmt"
	"math"
	"strconv"
)

// Text is one text in both languages.
type Text struct{ Zh, En string }

// Explanation says in plain words what was found, and what else it may be.
type Explanation struct {
	Found Text // what was seen, with its figures
	Limit Text // what it was held against
	Doubt Text // what would explain it innocently
}

// Explain puts a finding into words.
func (f Finding) Explain() Explanation {
	switch f.Kind {
	case FastAnswers:
		return f.Figures.fastAnswers()
	case Metronome:
		return f.Figures.metronome()
	case RoundTheClock:
		return f.Figures.roundTheClock()
	case Guessing:
		return f.Figures.guessing()
	case FailedChecks:
		return f.Figures.failedChecks()
	case SharedDevice:
		return f.Figures.sharedDevice()
	}
	return Explanation{}
}

func (g Figures) fastAnswers() Explanation {
	return Explanation{
		Found: Text{
			fmt.Sprintf("%d 次在线检查中有 %d 次回应得比人能做到的还快，最快 %s 秒。", g.Answers, g.Fast, seconds(g.FastestMS)),
			fmt.Sprintf("%d of %d presence checks were answered faster than a person can; the fastest within %s s.", g.Fast, g.Answers, seconds(g.FastestMS)),
		},
		Limit: Text{
			fmt.Sprintf("从服务器发出检查到收到回应，网络往返也算在内，看见、判断、点按至少要 %s 秒，题目还要更久。", seconds(g.LimitMS)),
			fmt.Sprintf("From the server's asking to its receiving the answer, both ways through the network included, seeing, deciding and pressing take at least %s s, and a question longer.", seconds(g.LimitMS)),
		},
		Doubt: Text{
			"一次两次可能是正好按到键盘，反复出现则不像。",
			"Once or twice a key may have been pressed just then. Again and again it is not likely.",
		},
	}
}

func (g Figures) metronome() Explanation {
	return Explanation{
		Found: Text{
			fmt.Sprintf("连续 %d 个心跳平均相隔 %s 秒，其中八成的间隔相差不到 %d 毫秒。", g.Intervals+1, seconds(g.MeanMS), g.SpreadMS+1),
			fmt.Sprintf("%d beats in a row came %s s apart on average, four in five of the intervals within %d ms of each other.", g.Intervals+1, seconds(g.MeanMS), g.SpreadMS+1),
		},
		Limit: Text{
			fmt.Sprintf("浏览器的计时和网络总有快慢，相差通常远大于 %d 毫秒；这样整齐多半出自程序。", g.LimitMS),
			fmt.Sprintf("Timers of browsers and networks vary by far more than %d ms; beats as even as this mostly come from a program.", g.LimitMS),
		},
		Doubt: Text{
			"服务器与设备在同一局域网、设备空闲时，间隔会比平常整齐。",
			"On the server's own local network and an idle device, beats are more even than usual.",
		},
	}
}

func (g Figures) roundTheClock() Explanation {
	var e Explanation
	if g.CreditS > 0 {
		e.Found = Text{
			fmt.Sprintf("24 小时内学习了 %s 小时。", hoursOf(g.CreditS)),
			fmt.Sprintf("%s hours were studied within 24.", hoursOf(g.CreditS)),
		}
		e.Limit = Text{
			fmt.Sprintf("超过 %s 小时就没有留出睡眠和吃饭的时间。", hoursOf(g.LimitS)),
			fmt.Sprintf("More than %s leaves no time to sleep and eat.", hoursOf(g.LimitS)),
		}
	}
	if g.Days > 0 {
		e.Found.Zh += fmt.Sprintf("连续 %d 天，每天 24 小时中至少 %d 个小时都在学习。", g.Days, g.Hours)
		e.Found.En = join(e.Found.En, fmt.Sprintf("On %d days in a row there was study in at least %d of the 24 hours.", g.Days, g.Hours))
		e.Limit.Zh += fmt.Sprintf("一连 %d 天没有夜晚，一个人做不到。", g.Limit)
		e.Limit.En = join(e.Limit.En, fmt.Sprintf("Nobody goes without a night for %d days.", g.Limit))
	}
	e.Doubt = Text{"可能是几个人轮流用同一个账户，也可能是账户被别人用了，请先向本人核实。", "Several people may have taken turns on the account, or somebody else has got hold of it. Ask the person first."}
	return e
}

func (g Figures) guessing() Explanation {
	return Explanation{
		Found: Text{
			fmt.Sprintf("在线检查的 %d 道题答错了 %d 道。", g.Answers, g.Wrong),
			fmt.Sprintf("%d of %d questions in presence checks were answered wrongly.", g.Wrong, g.Answers),
		},
		Limit: Text{
			fmt.Sprintf("题目问的是刚刚讲过的内容。即使容许错 %d%%，错这么多的可能也只有%s。", g.Limit, oneInZh(g.Chance)),
			fmt.Sprintf("They ask about what was just shown. Even for somebody who gets %d%% wrong, so many come by %s.", g.Limit, oneInEn(g.Chance)),
		},
		Doubt: Text{"题目可能出得不好，课程的语言也可能不是本人熟悉的。请对照题目和其他人的成绩。", "The questions may be bad, or the course's language not the person's own. Look at the questions, and at how others do."},
	}
}

func (g Figures) failedChecks() Explanation {
	return Explanation{
		Found: Text{
			fmt.Sprintf("%d 次在线检查有 %d 次在时限内没有回应。", g.Checks, g.Missed),
			fmt.Sprintf("%d of %d presence checks were not answered in time.", g.Missed, g.Checks),
		},
		Limit: Text{
			fmt.Sprintf("即使容许错过 %d%%，错过这么多的可能也只有%s。相应的时间当时就没有计入。", g.Limit, oneInZh(g.Chance)),
			fmt.Sprintf("Even for somebody who misses %d%%, so many come by %s. The time before each was not counted at the time.", g.Limit, oneInEn(g.Chance)),
		},
		Doubt: Text{"检查可能没有被看到：窗口在后面、没有声音，或需要更长时限的人没有设置。", "The checks may not have been noticed: a window behind others, no sound, or somebody who needs a longer window and has not set one."},
	}
}

func (g Figures) sharedDevice() Explanation {
	days := g.LimitS / 86400
	return Explanation{
		Found: Text{
			fmt.Sprintf("%d 天内有 %d 个人在同一台设备上学习。", days, g.People),
			fmt.Sprintf("%d people studied on one device within %d days.", g.People, days),
		},
		Limit: Text{
			fmt.Sprintf("从 %d 个人起提请复核，因为可能是一个人在替大家学习。", g.Limit),
			fmt.Sprintf("From %d people on it is put before you: one person may be studying for all.", g.Limit),
		},
		Doubt: Text{"培训教室、图书馆和单位的公用电脑就是这样用的。", "That is how computers in training rooms, libraries and offices are used."},
	}
}

func join(a, b string) string {
	if a == "" {
		return b
	}
	return a + " " + b
}

// seconds are milliseconds as people read them: 0.25, 15.
func seconds(ms int64) string {
	return strconv.FormatFloat(math.Round(float64(ms)/10)/100, 'f', -1, 64)
}

func hoursOf(s int64) string {
	return strconv.FormatFloat(math.Round(float64(s)/360)/10, 'f', -1, 64)
}

func oneInEn(chance float64) string {
	if n := rounded(chance); n < 1e6 {
		return fmt.Sprintf("chance once in %d times", n)
	}
	return "chance less than once in a million times"
}

func oneInZh(chance float64) string {
	if n := rounded(chance); n < 1e6 {
		return fmt.Sprintf(" %d 分之一", n)
	}
	return "不到百万分之一"
}

// rounded is how many times one such chance needs, to two figures.
func rounded(chance float64) int {
	if chance <= 0 {
		return 1e6
	}
	n := 1 / chance
	step := math.Pow(10, math.Floor(math.Log10(n))-1)
	return int(math.Min(1e6, math.Round(n/step)*step))
}
