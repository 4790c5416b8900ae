// A home for tests of keys: a runtime that one of them signs in and that does what its prompt says, and looks
// for what must not be found: in files, and in the arguments and environments of programs.
#pragma once

#include "tests/e2e/muster_home.h"

#include <QDirIterator>
#include <QProcess>
#include <QSet>

namespace muster::e2e {

class SecretsHome : public MusterHome {
public:
    static constexpr auto keyName = "ANTHROPIC_API_KEY";

    // One more runtime, "fake", which the key signs in.
    [[nodiscard]] bool addFakeRuntime() const
    {
        const QString folder = paths().configDir + QStringLiteral("/runtimes");
        return QDir().mkpath(folder) &&
               writeFile(folder + QStringLiteral("/fake.json"),
                         "{\"id\": \"fake\", \"label\": \"Fake\", \"argv\": [\"" MUSTER_TEST_DIR
                         "/fake_acp_agent\"], \"pass_env\": [\"ANTHROPIC_API_KEY\"], "
                         "\"sign_in\": {\"env\": [\"ANTHROPIC_API_KEY\"]}}");
    }

    // A command line with this on its stdin.
    [[nodiscard]] Finished give(const QByteArray &value, const QStringList &arguments)
    {
        QProcess process;
        process.setProcessEnvironment(environment());
        process.setWorkingDirectory(root());
        process.start(QStringLiteral(MUSTER_BIN_DIR "/muster"), arguments);
        process.write(value);
        process.closeWriteChannel();
        return waitFor(process);
    }

    [[nodiscard]] Finished runFake(const QString &project, const QString &prompt) const
    {
        if (!writeFlow(project, QStringLiteral("own"),
                       "muster: 1\nname: own\nsteps:\n  - { id: a, runtime: fake, prompt: '" +
                           prompt.toUtf8() + "' }\n"))
            return {};
        return muster({QStringLiteral("run"), QStringLiteral("own"), QStringLiteral("--yes"),
                       QStringLiteral("--trust"), QStringLiteral("--json"), QStringLiteral("--project"),
                       project});
    }

    [[nodiscard]] QStringList filesWith(const QByteArray &text) const
    {
        QStringList found;
        QDirIterator all(root(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
        while (all.hasNext()) {
            if (const QString path = all.next(); readFile(path).contains(text))
                found += path;
        }
        return found;
    }
};

// Names of the programs of which the arguments or the environment (what a core dump of one lists, too) hold
// this; and of those that belong to this home.
struct Programs {
    QSet<QString> all;
    QSet<QString> withKey;
};

inline Programs programsBelow(const QString &root, const QByteArray &text)
{
    Programs programs;
    const QStringList pids = QDir(QStringLiteral("/proc")).entryList({QStringLiteral("[0-9]*")}, QDir::Dirs);
    for (const QString &pid : pids) {
        const QString folder = QStringLiteral("/proc/") + pid;
        const QByteArray told = readFile(folder + QStringLiteral("/cmdline")) + '\n' +
                                readFile(folder + QStringLiteral("/environ"));
        const QString program = QFileInfo(QFile::symLinkTarget(folder + QStringLiteral("/exe"))).fileName();
        const QString place = QFile::symLinkTarget(folder + QStringLiteral("/cwd"));
        if (told.contains(root.toUtf8()) || place.startsWith(root))
            programs.all += program;
        if (told.contains(text))
            programs.withKey += program;
    }
    return programs;
}

} // namespace muster::e2e
