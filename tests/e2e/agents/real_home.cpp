#include "tests/e2e/agents/real_home.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace muster::e2e {

using namespace Qt::StringLiterals;

namespace {

// The key of the fake model has a name of its own with some.
void passKey(const MusterHome &home, const AgentProgram &program)
{
    QJsonObject record = QJsonDocument::fromJson(readFile(MUSTER_SOURCE_DIR "/resources/runtimes/"_L1 +
                                                          program.runtime + u".json"))
                             .object();
    QJsonArray passed = record.value(u"pass_env").toArray();
    passed.append(program.key.section(u'=', 0, 0));
    record.insert(u"pass_env"_s, passed);
    writeFile(home.paths().configDir + u"/runtimes/"_s + program.runtime + u".json"_s,
              QJsonDocument(record).toJson());
}

} // namespace

void useRealAgents(MusterHome &home, const QStringList &runtimes, const QString &url)
{
    QStringList paths;
    for (const QString &runtime : runtimes) {
        const AgentProgram &program = *findProgram(runtime);
        const QStringList environment = prepareHome(program, home.path(u"agent"_s), url) << program.key;
        for (const QString &line : environment) {
            if (line.startsWith(u"PATH="))
                paths += line.section(u'=', 1);
            else
                home.environment().insert(line.section(u'=', 0, 0), line.section(u'=', 1));
        }
        passKey(home, program);
    }
    home.environment().insert(u"PATH"_s, paths.join(u':'));
}

} // namespace muster::e2e
