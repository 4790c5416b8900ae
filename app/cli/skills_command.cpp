// muster skills: which skills steps and profiles can name, where each is from, and what is in one.
#include "app/cli/cli.h"
#include "app/cli/json_output.h"
#include "app/cli/problem_output.h"
#include "app/cli/source_excerpt.h"
#include "core/node/api/flow_fields.h"
#include "core/viewmodel/visible_text.h"

namespace muster::app {

using namespace Qt::StringLiterals;

namespace {

void printList(const std::vector<api::SkillInfo> &skills)
{
    QList<QStringList> rows;
    for (const api::SkillInfo &skill : skills)
        rows += {withVisibleMarks(skill.name), skill.origin, noteOf(skill.hides, skill.trusted, skill.usable),
                 withVisibleMarks(skill.description.simplified())};
    Cli::printTable({Cli::tr("SKILL"), Cli::tr("FROM"), Cli::tr("NOTE"), Cli::tr("WHAT IT IS FOR")}, rows);
}

void printSkill(const api::SkillInfo &skill)
{
    Cli::print(withVisibleMarks(skill.path.isEmpty() ? Cli::tr("%1 (built in)").arg(skill.name)
                                                     : Cli::tr("%1 (%2)").arg(skill.name, skill.path)));
    if (const QString note = noteOf(skill.hides, skill.trusted, true); !note.isEmpty())
        Cli::print(Cli::tr("Note: %1").arg(note));
    const SourceExcerpt excerpt = excerptOf(skill.path);
    for (const api::FlowProblemInfo &problem : skill.problems)
        printProblem(problem, skill.path, excerpt);
    if (!skill.problems.empty())
        return;
    Cli::print(withVisibleMarks(skill.description));
    Cli::print({});
    Cli::print(withVisibleMarks(skill.text.trimmed()));
}

} // namespace

QString noteOf(const QStringList &hides, bool trusted, bool usable)
{
    QStringList notes;
    if (!trusted)
        notes += Cli::tr("not trusted");
    else if (!usable)
        notes += Cli::tr("has problems");
    if (!hides.isEmpty())
        notes += Cli::tr("in place of %1").arg(hides.join(u", "_s));
    return notes.join(u", "_s);
}

void startSkillsCommand(Cli &cli, const SkillsOptions &options)
{
    cli.node().query(
        api::ListSkills{.project = cli.project(), .name = options.skill}, &cli,
        [&cli, one = !options.skill.isEmpty()](const Result<std::vector<api::SkillInfo>> &skills) {
        if (!skills) {
            cli.fail(skills.error());
            return;
        }
        if (cli.options().json && one)
            Cli::printJson(toJsonObject(skills->front()));
        else if (cli.options().json)
            Cli::printJson(jsonList(*skills, toJsonObject<api::SkillInfo>));
        else if (one)
            printSkill(skills->front());
        else
            printList(*skills);
        cli.finish(one && !skills->front().problems.empty() ? ExitFailed : ExitSuccess);
    });
}

} // namespace muster::app
