// muster permissions: the lasting rules, and taking one back.
#include "app/cli/cli.h"
#include "app/cli/json_output.h"
#include "core/viewmodel/describe.h"
#include "core/viewmodel/describe_runtime.h"
#include "core/viewmodel/visible_text.h"

#include <QDateTime>

namespace muster::app {

using namespace Qt::StringLiterals;

namespace {

QString placeOf(const api::PermissionInfo &rule)
{
    const QString project = rule.projectPath.isEmpty() ? Cli::tr("every project") : rule.projectPath;
    return rule.profile.isEmpty() ? project
                                  : Cli::tr("%1, profile %2").arg(project, withVisibleMarks(rule.profile));
}

void printRules(const std::vector<api::PermissionInfo> &rules)
{
    if (rules.empty()) {
        Cli::print(Cli::tr("No rules. Answers with --scope always make them."));
        return;
    }
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    QList<QStringList> rows;
    for (const api::PermissionInfo &rule : rules)
        rows += {rule.id.toString(), describeRule(rule), placeOf(rule), describeUse(rule, now),
                 withVisibleMarks(rule.pattern)};
    Cli::printTable({Cli::tr("ID"), Cli::tr("AGENTS"), Cli::tr("PROJECT"), Cli::tr("USED"), Cli::tr("WHAT")},
                    rows);
}

void listRules(Cli &cli)
{
    const QString project = cli.options().project.isEmpty() ? QString() : cli.project();
    cli.node().query(api::ListPermissions{.project = project}, &cli,
                     [&cli](const Result<std::vector<api::PermissionInfo>> &rules) {
        if (!rules) {
            cli.fail(rules.error());
            return;
        }
        if (cli.options().json) {
            QJsonArray array;
            for (const api::PermissionInfo &rule : *rules)
                array.append(permissionJson(rule));
            Cli::printJson(array);
        } else {
            printRules(*rules);
        }
        cli.finish(ExitSuccess);
    });
}

} // namespace

void startPermissionsCommand(Cli &cli, const PermissionsOptions &options)
{
    if (!options.revoke.isValid()) {
        listRules(cli);
        return;
    }
    cli.node().submit(api::RevokePermission{.rule = options.revoke}, &cli,
                      [&cli, rule = options.revoke](const Result<api::CommandDone> &done) {
        if (!done) {
            cli.fail(done.error());
            return;
        }
        if (cli.options().json)
            Cli::printJson(QJsonObject{{u"id"_s, rule.value}, {u"revoked"_s, true}});
        else
            Cli::print(Cli::tr("Rule %1 is gone; agents ask again.").arg(rule.toString()));
        cli.finish(ExitSuccess);
    });
}

} // namespace muster::app
