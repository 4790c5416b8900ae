// A git project with a flow of twenty step runs that leave an effect each: a line with the key of the attempt
// in a file outside the project. What ran twice, or not at all, is seen there.
#pragma once

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QStringList>
#include <QTemporaryDir>
#include <QTest>

namespace muster::testing {

class EffectsProject {
public:
    static constexpr qsizetype effectsOfARun = 15;
    static constexpr size_t stepRunsOfARun = 20;

    EffectsProject()
    {
        QDir(m_dir.path()).mkpath(QStringLiteral("flows"));
        write(QStringLiteral("flows/effects.flow.yaml"), flow());
        write(QStringLiteral("README.md"), "# Effects\n\nA project to be surveyed.\n");
        git({QStringLiteral("init"), QStringLiteral("-q"), QStringLiteral("-b"), QStringLiteral("main")});
        git({QStringLiteral("add"), QStringLiteral(".")});
        git({QStringLiteral("-c"), QStringLiteral("user.name=t"), QStringLiteral("-c"),
             QStringLiteral("user.email=t@example.invalid"), QStringLiteral("commit"), QStringLiteral("-qm"),
             QStringLiteral("begin")});
    }

    [[nodiscard]] QString path() const { return m_dir.path(); }

    // The keys of all attempts that had their effect, in the order in which they had it.
    [[nodiscard]] QStringList effects() const
    {
        QFile file(m_effects.filePath(QStringLiteral("effects")));
        if (!file.open(QIODevice::ReadOnly))
            return {};
        return QString::fromUtf8(file.readAll()).split(u'\n', Qt::SkipEmptyParts);
    }

private:
    // Eight in a row, six side by side, then an agent's look, an approval, and an end that needs all of it.
    [[nodiscard]] QByteArray flow() const
    {
        const QByteArray effect = "printf '%s\\n' \"$MUSTER_GUARD\" >> '" +
                                  m_effects.filePath(QStringLiteral("effects")).toUtf8() + "'; ";
        QByteArray yaml = "muster: 1\nname: effects\nbatches: { few: { max_concurrent: 3 } }\nsteps:\n";
        for (int i = 1; i <= 8; ++i) {
            const QByteArray number = QByteArray::number(i);
            yaml += "  - id: row" + number + "\n";
            if (i > 1)
                yaml += "    needs: [row" + QByteArray::number(i - 1) + "]\n";
            yaml += "    isolation: " + QByteArray(i == 4 ? "run" : "none") + "\n    run: |\n      " +
                    effect + "sleep 0.0" + number + "\n";
        }
        yaml += "  - id: side\n    needs: [row2]\n    foreach: [a, b, c, d, e, f]\n    batch: few\n"
                "    isolation: none\n    run: |\n      " +
                effect + "sleep 0.1\n";
        yaml += "  - id: look\n    needs: [row3]\n    runtime: demo\n    prompt: How many files are there?\n";
        yaml += "  - id: look_again\n    needs: [look]\n    runtime: demo\n"
                "    prompt: \"@@slow:30 What is this project?\"\n";
        yaml += "  - id: agree\n    needs: [row6]\n    approval: Go on?\n";
        yaml += "  - id: plan\n    needs: [side]\n    runtime: demo\n    prompt: Which languages are used?\n";
        yaml += "  - id: end\n    needs: [row8, side, look_again, agree, plan]\n    isolation: none\n    "
                "run: |\n      " +
                effect + "true\n";
        return yaml;
    }
    void write(const QString &name, const QByteArray &content) const
    {
        QFile file(m_dir.filePath(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
            qFatal("the project cannot be written");
    }
    void git(const QStringList &arguments) const
    {
        QProcess process;
        process.setWorkingDirectory(m_dir.path());
        process.start(QStringLiteral("git"), arguments);
        if (!process.waitForFinished() || process.exitCode() != 0)
            qFatal("git failed");
    }

    QTemporaryDir m_dir;
    QTemporaryDir m_effects;
};

} // namespace muster::testing
