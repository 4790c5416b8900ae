#include "core/workspace/git_command.h"

#include <array>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

// Each of these can start a program, ask a person, reach the network or change what output looks like.
constexpr std::array kSettings{
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.pager=cat",
    "core.editor=false",
    "core.askPass=",
    "core.sshCommand=false",
    "core.gitProxy=",
    "core.alternateRefsCommand=",
    "core.quotePath=false",
    "core.splitIndex=false",
    "core.logAllRefUpdates=true",
    "credential.helper=",
    "protocol.allow=never",
    "protocol.ext.allow=never",
    "commit.gpgSign=false",
    "tag.gpgSign=false",
    "gpg.program=false",
    "log.showSignature=false",
    "gc.auto=0",
    "maintenance.auto=false",
    "submodule.recurse=false",
    "status.submoduleSummary=false",
    "diff.external=",
    "diff.ignoreSubmodules=dirty",
    "diff.orderFile=/dev/null",
    "diff.noprefix=false",
    "diff.mnemonicPrefix=false",
    "diff.suppressBlankEmpty=false",
    "merge.renormalize=false",
    "merge.conflictStyle=merge",
    "color.ui=false",
    "i18n.commitEncoding=UTF-8",
};

constexpr std::array kEnvironment{
    "LC_ALL=C",
    "TERM=dumb",
    "GIT_CONFIG_NOSYSTEM=1",
    "GIT_ATTR_NOSYSTEM=1",
    "GIT_TERMINAL_PROMPT=0",
    "GIT_ASKPASS=",
    "SSH_ASKPASS=",
    "GIT_PAGER=cat",
    "GIT_EDITOR=false",
    "GIT_SEQUENCE_EDITOR=false",
    "GIT_SSH_COMMAND=false",
    "GIT_OPTIONAL_LOCKS=0",
    "GIT_LITERAL_PATHSPECS=1",
    "GIT_NO_REPLACE_OBJECTS=1",
    "GIT_NO_LAZY_FETCH=1",
    "GIT_ALLOW_PROTOCOL=none",
};

// A relative entry would let the folder git runs in provide the programs.
QString absoluteEntries(const QString &path)
{
    QStringList kept = path.split(u':', Qt::SkipEmptyParts);
    kept.removeIf([](const QString &entry) { return !entry.startsWith(u'/'); });
    return kept.isEmpty() ? u"/usr/local/bin:/usr/bin:/bin"_s : kept.join(u':');
}

QString valueOf(const QStringList &environment, const QString &name)
{
    for (const QString &entry : environment) {
        if (entry.size() > name.size() && entry.startsWith(name) && entry.at(name.size()) == u'=')
            return entry.mid(name.size() + 1);
    }
    return {};
}

void addOverrides(QStringList &environment, const GitOverrides &overrides)
{
    // By environment and not by -c, which splits at the first '=': a subsection may hold one.
    for (std::size_t i = 0; i < overrides.size(); ++i) {
        const QString number = QString::number(i);
        environment << QString(u"GIT_CONFIG_KEY_" + number + u'=' + overrides[i].first)
                    << QString(u"GIT_CONFIG_VALUE_" + number + u'=' + overrides[i].second);
    }
    if (!overrides.empty())
        environment << QString(u"GIT_CONFIG_COUNT=" + QString::number(overrides.size()));
}

} // namespace

QStringList gitArguments(const GitCommand &command)
{
    QStringList arguments{u"--no-pager"_s};
    for (const char *setting : kSettings)
        arguments << u"-c"_s << QString::fromLatin1(setting);
    if (!command.gitDir.isEmpty())
        arguments << QString(u"--git-dir=" + command.gitDir);
    if (!command.workTree.isEmpty())
        arguments << QString(u"--work-tree=" + command.workTree);
    return arguments + command.args;
}

QStringList gitEnvironment(const GitCommand &command, const QStringList &inherited)
{
    QStringList environment;
    for (const char *entry : kEnvironment)
        environment << QString::fromLatin1(entry);
    environment << QString(u"PATH=" + absoluteEntries(valueOf(inherited, u"PATH"_s)));
    QStringList passed{u"HOME"_s, u"TMPDIR"_s};
    if (command.personalConfig)
        passed << u"XDG_CONFIG_HOME"_s;
    else
        environment << u"GIT_CONFIG_GLOBAL=/dev/null"_s;
    for (const QString &name : std::as_const(passed)) {
        if (const QString value = valueOf(inherited, name); !value.isEmpty())
            environment << QString(name + u'=' + value);
    }
    if (!command.gitDir.isEmpty()) {
        // Said always: a file `commondir` in the git directory would choose another configuration.
        environment << QString(u"GIT_COMMON_DIR=" +
                               (command.commonDir.isEmpty() ? command.gitDir : command.commonDir));
    }
    if (!command.indexFile.isEmpty())
        environment << QString(u"GIT_INDEX_FILE=" + command.indexFile);
    addOverrides(environment, command.overrides);
    return environment + command.extraEnvironment;
}

} // namespace muster
