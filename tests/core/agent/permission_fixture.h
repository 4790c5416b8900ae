// A workspace with what an agent could abuse in it, and rules as short text: "allow ctest *",
// "deny task git push *", "write *.log", "exact rm -rf build".
#pragma once

#include "core/agent/permission_broker.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

namespace muster::testing {

using namespace Qt::StringLiterals;

class PermissionFixture {
public:
    PermissionFixture()
    {
        const QDir root(m_outer.path());
        for (const char *folder : {"work/src/core", "work/build", "work/docs", "work/.git/hooks",
                                   "work/.muster/flows", "work/.githooks", "elsewhere"})
            root.mkpath(QLatin1StringView(folder));
        for (const char *file : {"work/src/main.cpp", "work/docs/notes.md", "work/.env", "work/build.sh",
                                 "work/server.pem", "elsewhere/secret.txt"})
            touch(root.filePath(QLatin1StringView(file)));
        link(u"../elsewhere"_s, u"work/out"_s);
        link(u"../elsewhere/secret.txt"_s, u"work/note"_s);
        link(u".git"_s, u"work/meta"_s);
        link(u".env"_s, u"work/plain.txt"_s);
        link(u"nowhere"_s, u"work/dangling"_s);
        link(u"src/core"_s, u"work/core"_s);
    }

    [[nodiscard]] QString root() const { return m_outer.filePath(u"work"_s); }

    static PermissionRule rule(const QString &text)
    {
        QStringList words = text.split(u' ');
        const QString effect = words.takeFirst();
        PermissionRule rule{.effect = PermissionEffect::Allow,
                            .scope = RuleScope::Flow,
                            .kind = effect == u"write" ? ToolKind::Edit : ToolKind::Execute,
                            .exact = effect == u"exact",
                            .by = text};
        if (effect == u"deny" || effect == u"nowrite") {
            rule.effect = PermissionEffect::Deny;
            rule.scope = RuleScope::Everywhere;
            rule.kind = effect == u"deny" ? ToolKind::Execute : ToolKind::Edit;
        } else if (effect == u"ask") {
            rule.effect = PermissionEffect::Ask;
            rule.scope = RuleScope::Project;
        }
        if (words.first() == u"@task" || words.first() == u"@project" || words.first() == u"@flow") {
            const QString scope = words.takeFirst();
            rule.scope = scope == u"@task"      ? RuleScope::Task
                         : scope == u"@project" ? RuleScope::Project
                                                : RuleScope::Flow;
        }
        rule.pattern = words.join(u' ');
        return rule;
    }

    [[nodiscard]] PermissionDecision run(const QString &command, const QStringList &rules,
                                         bool unattended = false) const
    {
        return decide({.kind = ToolKind::Execute, .command = command}, rules, unattended);
    }
    [[nodiscard]] PermissionDecision decide(const PermissionRequested &request, const QStringList &rules,
                                            bool unattended = false) const
    {
        std::vector<PermissionRule> parsed;
        for (const QString &text : rules)
            parsed.push_back(rule(text));
        return decidePermission(request, parsed, {.workspace = root(), .unattended = unattended});
    }

private:
    static void touch(const QString &path)
    {
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
    }
    void link(const QString &target, const QString &name) const
    {
        QVERIFY(QFile::link(target, m_outer.filePath(name)));
    }

    QTemporaryDir m_outer;
};

// Everything that a careless person would allow.
inline QStringList broadRules()
{
    QStringList rules{u"write **"_s};
    for (const char *program :
         {"ctest",  "git",     "make",   "cmake",   "ls",     "cat",   "grep", "echo",  "find",    "sed",
          "awk",    "python3", "node",   "npm run", "tar",    "cp",    "rm",   "mv",    "ln",      "head",
          "sort",   "tee",     "env",    "sh",      "bash",   "xargs", "sudo", "nohup", "timeout", "curl",
          "perl",   "ssh",     "docker", "eval",    "source", "vim",   "less", "dd",    "touch",   "mkdir",
          "printf", "g++",     "rg",     "wc",      "set",    "export"})
        rules += u"allow %1 *"_s.arg(QLatin1StringView(program));
    return rules;
}

inline char nameOf(PermissionDecision::Kind kind)
{
    return kind == PermissionDecision::Kind::Allow ? 'A' : kind == PermissionDecision::Kind::Deny ? 'D' : '?';
}

} // namespace muster::testing
