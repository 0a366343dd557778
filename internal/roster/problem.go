package roster

import (
	"slices"
	"strings"
)

// Problem is one thing about a row, at a column.
type Problem struct {
	Field Field  `json:"field"`
	Code  string `json:"code"`
	More  string `json:"more,omitempty"` // what the text has a gap for: another row, what it was read as
}

// text is how a problem is told; % is the gap. A warning does not keep the row
// from being taken in.
type text struct {
	zh, en  string
	warning bool
}

var problems = map[string]text{
	"name-missing":    {"缺少姓名。", "There is no name.", false},
	"name-long":       {"姓名超过 100 个字符。", "The name is longer than 100 characters.", false},
	"name-marks":      {"姓名里有看不见的控制字符或改变书写方向的标记，请重新输入。", "The name holds invisible control characters or marks that turn the direction of writing; type it anew.", false},
	"mail-missing":    {"缺少邮箱。", "There is no mail address.", false},
	"mail-bad":        {"不是有效的邮箱地址。", "This is not a mail address.", false},
	"mail-read-as":    {"邮箱将按 % 登记。", "The address is taken as %.", true},
	"mail-twice":      {"与第 % 行的邮箱相同。", "The same address stands in row %.", false},
	"number-long":     {"工号超过 40 个字符。", "The employee number is longer than 40 characters.", false},
	"number-twice":    {"与第 % 行的工号相同。", "The same employee number stands in row %.", false},
	"number-taken":    {"本单位已有另一人使用这个工号。", "Somebody else of this organisation has this employee number.", false},
	"on-staff":        {"此人已在本单位名册上：工号、部门和职务将更新，其余不变。", "Already on this organisation's list: number, department and position are updated, nothing else.", true},
	"text-long":       {"超过 100 个字符。", "This is longer than 100 characters.", false},
	"text-marks":      {"含有看不见的控制字符，请重新输入。", "This holds invisible control characters; type it anew.", false},
	"date-bad":        {"不是有效的日期，请写成 2026-03-01。", "This is not a date; write it as 2026-03-01.", false},
	"date-text":       {"日期是文本，将按 % 登记。", "The date is written as text; it is taken as %.", true},
	"date-far":        {"日期早于 1940 年或晚于一年以后。", "The date is before 1940 or more than a year ahead.", false},
	"role-bad":        {"角色只能是“专业技术人员”或“教师”。", "A role is “professional” or “instructor”.", false},
	"role-not-here":   {"这类单位没有教师。", "An organisation of this kind has no instructors.", false},
	"role-by-hand":    {"管理人员请逐个邀请，不能批量导入。", "Officers and managers are invited one by one, not by a list.", false},
	"unit-unknown":    {"与本单位的名称不符，请核对后导入到正确的单位。", "This is not this organisation's name; check, and import into the right one.", false},
	"formula":         {"单元格里是公式；公式不会被计算，请改为数值。", "The cell holds a formula. Formulas are never evaluated; put the value in its place.", false},
	"merged":          {"单元格是合并的，请取消合并并逐行填写。", "The cell is merged with others; unmerge it and fill in each row.", false},
	"cell-error":      {"单元格里是错误值（%）。", "The cell holds an error (%).", false},
	"row-broken":      {"这一行无法读取：引号没有闭合。", "This row cannot be read: a quotation mark is never closed.", false},
	"cell-long":       {"单元格超过 1000 个字符。", "The cell is longer than 1000 characters.", false},
	"encoding-broken": {"含有无法识别的字符，请用 UTF-8 或 GB18030 重新保存。", "This holds characters that cannot be read; save the file anew as UTF-8 or GB18030.", false},
}

// Text is the problem in one language.
func (p Problem) Text(english bool) string {
	t := problems[p.Code]
	words := t.zh
	if english {
		words = t.en
	}
	return strings.Replace(words, "%", p.More, 1)
}

// Warning says whether the row may be taken in all the same.
func (p Problem) Warning() bool { return problems[p.Code].warning }

// Bad says whether any of the problems keeps a row out.
func Bad(all []Problem) bool {
	return slices.ContainsFunc(all, func(p Problem) bool { return !p.Warning() })
}
