// What steps of flows ask for: a review, a plan, issues, a report from what others found. Each answers with
// what was counted in the material of the prompt, and says that it did no more.
#include "app/demo_agent/analysis/text.h"
#include "app/demo_agent/answer/issue_words.h"
#include "app/demo_agent/answer/performer.h"
#include "app/demo_agent/answer/work_plan.h"
#include "app/demo_agent/reading/change_review.h"

#include <QJsonDocument>
#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace muster::demo {

namespace {

QString asJson(const QJsonObject &object)
{
    return QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Indented)).trimmed();
}

// What stands after "Label:" at the beginning of a line, to the end of the prompt.
QString labelled(const Prompt &prompt, const QString &label)
{
    const QString text = prompt.texts.join(u"\n\n"_s);
    const QRegularExpression start(u"(?:^|\\n)"_s + label + u":\\s*"_s);
    const auto match = start.match(text);
    return match.hasMatch() ? text.sliced(match.capturedEnd()).trimmed() : QString();
}

// What follows the paragraph that was understood.
QString materialOf(const Prompt &prompt, const Intent &intent)
{
    const QString text = prompt.texts.join(u"\n\n"_s);
    const qsizetype at = text.indexOf(intent.instruction);
    return at < 0 ? QString() : text.sliced(at + intent.instruction.size()).trimmed();
}

int atMostIn(const QString &instruction)
{
    constexpr int usual = 6;
    static const QRegularExpression atMost(uR"(\bat most (\d{1,3})\b)"_s);
    const auto match = atMost.match(instruction);
    return match.hasMatch() ? match.captured(1).toInt() : usual;
}

QString reviewed(const Intent &intent, const Prompt &prompt)
{
    const std::vector<ChangedFile> files = readDiff(prompt.texts.join(u'\n'));
    if (files.empty())
        return u"There is no diff in the request, so there is nothing to review."_s;
    const auto speaksOf = [&](QLatin1StringView word) {
        return intent.subject.contains(word, Qt::CaseInsensitive);
    };
    const ReviewSide side = speaksOf("test"_L1)    ? ReviewSide::Tests
                            : speaksOf("style"_L1) ? ReviewSide::Style
                                                   : ReviewSide::Correctness;
    const QJsonObject review = reviewChange(files, side);
    if (intent.json)
        return asJson(review);
    QString text = review.value(u"summary"_s).toString() + u'\n';
    const QJsonArray findings = review.value(u"findings"_s).toArray();
    for (const auto &value : findings)
        text += u"\n- "_s +
                code(value[u"path"_s].toString() + u':' + QString::number(value[u"line"_s].toInt())) +
                u": "_s + value[u"text"_s].toString();
    return text;
}

QString confirmed(const Repository &repository, const Prompt &prompt)
{
    const QJsonDocument findings = QJsonDocument::fromJson(labelled(prompt, u"Findings"_s).toUtf8());
    return asJson({{u"findings"_s, confirmFindings(repository, findings.array())}});
}

QString mended(const Prompt &prompt)
{
    constexpr int mostShown = 10;
    QString text = u"I have no language model, so I cannot mend code, and changed nothing."_s;
    const QStringList failures = failuresIn(prompt.texts.join(u'\n'), mostShown);
    return failures.isEmpty()
               ? text
               : QString(text + u" What the output names as failing:\n\n- "_s + failures.join(u"\n- "_s));
}

} // namespace

QString Performer::work(const Intent &intent, const Prompt &prompt)
{
    switch (intent.ask) {
    case Ask::ReviewChange:
        return reviewed(intent, prompt);
    case Ask::ConfirmFindings:
        return confirmed(m_repository, prompt);
    case Ask::PlanWork:
        return asJson(planWork(labelled(prompt, u"Goal"_s), inventory().modules));
    case Ask::PlanQuestions:
        return asJson(planQuestions(labelled(prompt, u"Topic"_s), atMostIn(intent.instruction)));
    case Ask::ClassifyIssue:
        return asJson(classifyIssue(labelled(prompt, u"Issue"_s)));
    case Ask::LocateIssue:
        return placesOfIssue(m_repository, labelled(prompt, u"Issue"_s), m_stop);
    case Ask::MendTests:
        return mended(prompt);
    default:
        return report(intent, prompt);
    }
}

// The material as it is: to put it in other words would need a model.
QString Performer::report(const Intent &intent, const Prompt &prompt)
{
    const QString material = materialOf(prompt, intent);
    if (material.isEmpty())
        return u"There is no material in the request to write "_s + code(intent.subject) + u" from."_s;
    const QString document =
        material +
        u"\n\n---\n\nPut down by the demo agent of Muster, without a language model: the material as "
        "it came, nothing left out and nothing added.\n"_s;
    const Result<Edit> edit = planWrite(m_root, intent.subject, document);
    if (!edit)
        return u"I could not write "_s + code(intent.subject) +
               u": it lies outside of this folder or cannot be written."_s;
    return m_actions.write(*edit);
}

} // namespace muster::demo
