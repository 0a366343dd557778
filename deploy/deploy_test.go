// Package deploy_test holds what is written for whoever runs Hourglass against
// the settings the program really has.
package deploy_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/hourglass-lms/hourglass/internal/app"
	"github.com/hourglass-lms/hourglass/internal/config"
)

// ofTheTests are variables of tests and of the development server, which the program itself never reads.
var ofTheTests = []string{"HOURGLASS_TEST_PG_URL", "HOURGLASS_E2E", "HOURGLASS_URL"}

func settings() (names []string) {
	for _, d := range config.Describe(func(string) string { return "" }) {
		names = append(names, d.Name)
	}
	return names
}

var variable = regexp.MustCompile(`HOURGLASS_[A-Z0-9_]+`)

func TestEverySettingThatIsNamedExists(t *testing.T) {
	t.Parallel()
	known := append(settings(), ofTheTests...)
	found := 0
	for _, name := range written(t) {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range variable.FindAllString(string(text), -1) {
			found++
			if !slices.Contains(known, v) {
				t.Errorf("%s names %s, which is no setting", name, v)
			}
		}
	}
	if found < 20 {
		t.Errorf("only %d settings were found: this test looks in the wrong place", found)
	}
}

// written are the files that people read or run, code excepted.
func written(t *testing.T) []string {
	t.Helper()
	files := []string{"../README.md", "../CONTRIBUTING.md", "../CHANGELOG.md"}
	for _, dir := range []string{".", "../docs"} {
		err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() && filepath.Ext(name) != ".go" && filepath.Ext(name) != ".png" {
				files = append(files, name)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// operator fills in what the operator of an installation must, by the
// variables of compose and the keys of the Kubernetes Secret.
var operator = map[string]string{
	"POSTGRES_PASSWORD": "00ff", "REDIS_PASSWORD": "11ee", "PUBLIC_URL": "https://learn.example.cn",
	"S3_ACCESS_KEY": "access", "S3_SECRET_KEY": "secret", "TLS_DIR": "/tls", "LEDGER_KEY": "PRIVATE+KEY+name+hash+data",
	"SECRET_KEYS":  "a:" + base64.StdEncoding.EncodeToString(make([]byte, 32)),
	"database-url": "postgres://hourglass:00ff@db:5432/hourglass", "redis-url": "rediss://cache:6379",
	"s3-access-key": "access", "s3-secret-key": "secret", "ledger-key": "PRIVATE+KEY+name+hash+data",
	"SMTP_URL": "smtp://hourglass@mail.example.cn:587", "SMTP_PASSWORD": "22dd", "MAIL_FROM": "Hourglass <no-reply@learn.example.cn>", "smtp-password": "22dd",
	"secret-keys": "a:" + base64.StdEncoding.EncodeToString(make([]byte, 32)),
}

var needs = map[string][]string{"serve": app.ServeNeeds, "worker": app.WorkerNeeds, "migrate": {"DATABASE_URL"}}

// starts loads the settings of a process exactly as it does itself.
func starts(t *testing.T, where, task string, env map[string]string) {
	t.Helper()
	required, ok := needs[task]
	if !ok {
		t.Fatalf("%s runs `hourglass %s`, which is no process", where, task)
	}
	for name := range env {
		if strings.HasPrefix(name, config.Prefix) && !slices.Contains(settings(), name) {
			t.Errorf("%s sets %s, which is no setting", where, name)
		}
	}
	if _, err := config.Load(func(name string) string { return env[name] }, required...); err != nil {
		t.Errorf("%s would not start: %v", where, err)
	}
}

type compose struct {
	Services map[string]struct {
		Image       string
		Command     []string
		Environment map[string]string
	}
}

var interpolation = regexp.MustCompile(`\$\{([A-Z0-9_]+)([^}]*)\}`)

func TestComposeGivesEveryProcessWhatItNeeds(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("compose.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range interpolation.FindAllStringSubmatch(string(text), -1) {
		if !strings.HasPrefix(m[2], ":?") {
			t.Errorf("%s may be left out, or has a default", m[0])
		}
	}
	filled := interpolation.ReplaceAllStringFunc(string(text), func(s string) string {
		name := interpolation.FindStringSubmatch(s)[1]
		if operator[name] == "" {
			t.Errorf("nobody said what %s is", name)
		}
		return operator[name]
	})
	var c compose
	if err := yaml.Unmarshal([]byte(filled), &c); err != nil {
		t.Fatal(err)
	}
	ran := map[string]int{}
	for name, s := range c.Services {
		if s.Image == "hourglass" && len(s.Command) == 1 {
			ran[s.Command[0]]++
			starts(t, "compose service "+name, s.Command[0], s.Environment)
		}
	}
	if ran["serve"] != 2 || ran["worker"] != 1 || ran["migrate"] != 1 {
		t.Errorf("compose runs %v, want two serve, a worker and a migrate", ran)
	}
	if redis := c.Services["redis"].Command; !slices.Contains(redis, "noeviction") {
		t.Errorf("Redis may evict live sessions: %v", redis)
	}
}

type manifest struct {
	Kind     string
	Metadata struct{ Name string }
	Data     map[string]string
	Spec     struct {
		Replicas int
		Template struct {
			Spec struct{ Containers []container }
		}
	}
}

type container struct {
	Args    []string
	EnvFrom []struct {
		ConfigMapRef struct{ Name string } `yaml:"configMapRef"`
	} `yaml:"envFrom"`
	Env []struct {
		Name      string
		ValueFrom struct {
			SecretKeyRef struct{ Name, Key string } `yaml:"secretKeyRef"`
		} `yaml:"valueFrom"`
	}
}

func manifests(t *testing.T) (all []manifest) {
	t.Helper()
	text, err := os.ReadFile("kubernetes.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for d := yaml.NewDecoder(bytes.NewReader(text)); ; {
		var m manifest
		err := d.Decode(&m)
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, m)
	}
}

func TestKubernetesGivesEveryProcessWhatItNeeds(t *testing.T) {
	t.Parallel()
	all := manifests(t)
	maps := map[string]map[string]string{}
	for _, m := range all {
		if m.Kind == "ConfigMap" {
			maps[m.Metadata.Name] = m.Data
		}
	}
	ran := map[string]int{}
	for _, m := range all {
		for _, c := range m.Spec.Template.Spec.Containers {
			if len(c.Args) != 1 {
				t.Fatalf("%s runs with %q, want one subcommand", m.Metadata.Name, c.Args)
			}
			ran[c.Args[0]] += max(1, m.Spec.Replicas)
			starts(t, m.Kind+" "+m.Metadata.Name, c.Args[0], c.env(t, maps))
		}
	}
	if ran["serve"] != 2 || ran["worker"] != 1 || ran["migrate"] != 1 {
		t.Errorf("Kubernetes runs %v, want two serve, a worker and a migrate", ran)
	}
}

// env is a container's environment with the Secret filled in.
func (c container) env(t *testing.T, maps map[string]map[string]string) map[string]string {
	t.Helper()
	env := map[string]string{}
	for _, from := range c.EnvFrom {
		for k, v := range maps[from.ConfigMapRef.Name] {
			env[k] = v
		}
	}
	for _, e := range c.Env {
		ref := e.ValueFrom.SecretKeyRef
		if ref.Name != "hourglass" || operator[ref.Key] == "" {
			t.Errorf("%s comes from %q of %q, which nobody makes", e.Name, ref.Key, ref.Name)
		}
		env[e.Name] = operator[ref.Key]
	}
	return env
}

func TestTheGuideMakesTheWholeKubernetesSecret(t *testing.T) {
	t.Parallel()
	guide, err := os.ReadFile("../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range manifests(t) {
		for _, c := range m.Spec.Template.Spec.Containers {
			for _, e := range c.Env {
				if key := e.ValueFrom.SecretKeyRef.Key; !strings.Contains(string(guide), "--from-literal="+key+"=") {
					t.Errorf("docs/operations.md does not make %s", key)
				}
			}
		}
	}
}
