#include "app/demo_agent/answer/performer.h"

#include "app/demo_agent/analysis/text.h"
#include "app/demo_agent/answer/help_text.h"
#include "app/demo_agent/answer/lookup.h"
#include "app/demo_agent/reading/module_reading.h"
#include "app/demo_agent/reading/risks.h"
#include "app/demo_agent/reading/survey.h"

#include <QJsonDocument>
#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace muster::demo {

namespace {

bool needsRepository(Ask ask)
{
    switch (ask) {
    case Ask::Unknown:
    case Ask::Help:
    case Ask::Run:
    case Ask::Append:
    case Ask::Replace:
    case Ask::WriteReport:
    case Ask::ReviewChange:
    case Ask::PlanQuestions:
    case Ask::ClassifyIssue:
    case Ask::MendTests:
        return false;
    default:
        return true;
    }
}

QString asJson(const QJsonObject &object)
{
    return QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Indented)).trimmed();
}

} // namespace

Performer::Performer(QString root, Narrator &narrator, Standing &standing)
    : m_root(std::move(root))
    , m_narrator(narrator)
    , m_actions(m_root, narrator, standing)
    , m_stop([&narrator] { return narrator.port().stopped(); })
{
}

QString Performer::perform(const Intent &intent, const Prompt &prompt)
{
    if (needsRepository(intent.ask) && !scan())
        return m_problem;
    const QString answer = answerTo(intent, prompt);
    const bool isJson = answer.startsWith(u'{');
    return intent.json && !isJson ? asJson({{u"answer"_s, answer}}) : answer;
}

bool Performer::scan()
{
    if (m_scanned)
        return true;
    const QString call = m_narrator.startTool(u"search"_s, u"List and read the files"_s, {m_root});
    Result<Repository> repository = scanRepository(m_root, m_stop);
    if (!repository) {
        m_problem = u"I could not read the folder "_s + code(m_root) + u'.';
        m_narrator.finishTool(call, false, m_problem);
        return false;
    }
    m_repository = std::move(*repository);
    m_scanned = true;
    m_narrator.finishTool(call, true, counted(static_cast<qint64>(m_repository.files.size()), u"file"_s));
    return true;
}

// A question that names a file or folder is answered with what is in it; wishes for changes are not.
QString Performer::unknown(const Intent &intent, const Prompt &prompt)
{
    static const QRegularExpression question(uR"(^\W*(which|what|how|where|list|show|name|does|is)\b)"_s,
                                             QRegularExpression::CaseInsensitiveOption);
    const bool asks = question.match(intent.instruction).hasMatch();
    if (asks && scan() && !pathIn(m_repository, intent.instruction).isEmpty())
        return summarise(intent, prompt);
    return notUnderstoodText(intent.instruction);
}

const Inventory &Performer::inventory()
{
    if (!m_inventory)
        m_inventory = takeInventory(m_repository);
    return *m_inventory;
}

const TestIndex &Performer::tests()
{
    if (!m_tests)
        m_tests.emplace(m_repository);
    return *m_tests;
}

const Result<History> &Performer::history()
{
    if (!m_history) {
        const QString call = m_narrator.startTool(u"execute"_s, u"git log --numstat"_s);
        m_history = readHistory(m_root, m_stop);
        const bool ok = m_history->has_value();
        m_narrator.finishTool(call, ok,
                              ok ? counted(static_cast<qint64>((*m_history)->commits.size()), u"commit"_s)
                                 : m_history->error().detail);
    }
    return *m_history;
}

QString Performer::answerTo(const Intent &intent, const Prompt &prompt)
{
    switch (intent.ask) {
    case Ask::Continue:
        return u"There is nothing unfinished in this session to continue."_s;
    case Ask::AnswerAgain:
        return u"There is nothing before this in this session to answer again."_s;
    case Ask::Greet:
        return greet();
    case Ask::Help:
        return helpText();
    case Ask::Unknown:
        return unknown(intent, prompt);
    case Ask::Summarise:
        return summarise(intent, prompt);
    case Ask::Show:
        return show(intent);
    case Ask::WriteSurvey:
        return survey(intent, prompt);
    case Ask::WriteFile:
    case Ask::Append:
    case Ask::Replace:
        return edit(intent);
    case Ask::Run:
        return m_actions.run(intent.content);
    case Ask::WriteReport:
    case Ask::ReviewChange:
    case Ask::ConfirmFindings:
    case Ask::PlanWork:
    case Ask::PlanQuestions:
    case Ask::ClassifyIssue:
    case Ask::LocateIssue:
    case Ask::MendTests:
        return work(intent, prompt);
    default:
        return answerAbout(intent, prompt);
    }
}

QString Performer::answerAbout(const Intent &intent, const Prompt &)
{
    switch (intent.ask) {
    case Ask::Notes:
        return notes(intent);
    case Ask::Largest: {
        const QString list = largestFilesText(m_repository, 10);
        return list.isEmpty() ? u"There is no program text here."_s
                              : QString(u"The largest source files, by lines:\n\n"_s + list);
    }
    case Ask::Churn:
        return churn();
    case Ask::Recent:
        return recent(intent);
    case Ask::Authors:
        return authors();
    case Ask::WhereDefined:
        return whereDefined(m_repository, intent.subject, m_stop);
    case Ask::Find:
        return findText(m_repository, intent.subject, m_stop);
    case Ask::Tests:
        return testsAnswer();
    case Ask::Untested:
        return untestedText(m_repository, tests(), inventory().modules, 15);
    case Ask::Languages:
        return sizeSentence(inventory()) + u"\n\n"_s + languageTable(inventory());
    case Ask::Build:
        return buildText(inventory());
    case Ask::Licence:
        return licence();
    case Ask::Modules:
        return parts();
    default:
        return inventoryAnswer(intent);
    }
}

QString Performer::inventoryAnswer(const Intent &intent)
{
    return intent.json ? asJson(toJson(inventory())) : describe(inventory(), m_repository);
}

QString Performer::show(const Intent &intent)
{
    constexpr qsizetype maxLines = 120;
    const QString path = pathIn(m_repository, intent.subject);
    const FileFacts *file = m_repository.file(path);
    if (file == nullptr)
        return u"There is no file "_s + code(intent.subject) + u" here."_s;
    if (file->binary || file->tooLarge)
        return code(path) + u" is "_s + (file->binary ? u"binary"_s : u"too large to show"_s) + u" ("_s +
               byteSize(file->bytes) + u")."_s;
    const QStringList lines = QString::fromUtf8(textOf(m_repository, path)).split(u'\n');
    const QString cut = lines.size() > maxLines ? QString(u"\n\nThe first "_s + number(maxLines) + u" of "_s +
                                                          counted(lines.size(), u"line"_s) + u'.')
                                                : QString();
    return code(path) + u":\n\n````\n"_s +
           lines.first(std::min(lines.size(), maxLines)).join(u'\n').trimmed() + u"\n````"_s + cut;
}

QString Performer::summarise(const Intent &intent, const Prompt &prompt)
{
    QString path = pathIn(m_repository, intent.instruction);
    for (const QString &link : prompt.links) {
        if (path.isEmpty())
            path = pathIn(m_repository, link);
    }
    if (path.isEmpty()) {
        const QString missing = missingPathIn(intent.instruction);
        if (!missing.isEmpty())
            return u"There is no file or folder "_s + code(missing) + u" here."_s;
        return summariseWhole(intent);
    }
    const Module module = moduleAt(m_repository, path);
    const QString call =
        m_narrator.startTool(u"read"_s, u"Read "_s + path, {m_repository.root + u'/' + path});
    const ModuleReading reading = readModule(m_repository, module, tests(), m_stop);
    m_narrator.finishTool(call, true,
                          counted(module.files, u"file"_s) + u", "_s + counted(module.lines, u"line"_s));
    const QStringList lines = summaryLines(reading, intent.lines);
    if (intent.json)
        return asJson({{u"path"_s, path},
                       {u"summary"_s, lines.join(u'\n')},
                       {u"lines"_s, QJsonArray::fromStringList(lines)},
                       {u"tests"_s, QJsonArray::fromStringList(reading.tests)}});
    return lines.join(u'\n');
}

// No file or folder is named: a declared name perhaps, else the whole.
QString Performer::summariseWhole(const Intent &intent)
{
    static const QRegularExpression name(
        uR"(\b(?:what (?:does|do|is)|explain|describe)\s+(?:the\s+)?(?:class\s+|function\s+|method\s+)?[`"']?([A-Za-z_][\w.:]{2,})(?:\(\))?)"_s,
        QRegularExpression::CaseInsensitiveOption);
    if (const auto match = name.match(intent.instruction); match.hasMatch()) {
        const QString found = whereDefined(m_repository, match.captured(1), m_stop);
        if (found.contains(" is declared in "_L1))
            return found;
    }
    if (!intent.linesAsked || intent.json)
        return inventoryAnswer(intent);
    const Inventory &all = inventory();
    QStringList paths;
    for (const Module &module : all.modules.modules)
        paths.append(code(module.path));
    QStringList lines{
        u"**"_s + all.project.title + u"** — "_s +
        (all.project.purpose.isEmpty() ? u"No document says what it is for."_s : all.project.purpose)};
    lines << sizeSentence(all) + u' ' + testSentence(all) << u"Parts: "_s + listed(paths) + u'.';
    lines << (all.project.licence.isEmpty() ? u"No licence was found."_s
                                            : QString(u"Licence: "_s + all.project.licence + u'.'));
    lines << counted(all.todos, u"open note"_s) + u" (TODO, FIXME and the like)."_s;
    return lines.first(std::clamp<qsizetype>(intent.lines, 1, lines.size())).join(u'\n');
}

QString Performer::survey(const Intent &intent, const Prompt &prompt)
{
    const QStringList steps{u"Count the repository"_s, u"Ask git for its history"_s,
                            u"Take in what the readers found"_s, u"Write the document"_s};
    m_narrator.plan(steps, 0);
    (void)inventory();
    m_narrator.plan(steps, 1);
    (void)history();
    m_narrator.plan(steps, 2);
    const ReaderTexts readers = findReaderTexts(prompt.texts + prompt.context, inventory().modules);
    const SurveyInput input{.repository = m_repository,
                            .inventory = inventory(),
                            .tests = tests(),
                            .history = history(),
                            .readers = readers};
    const QString document = composeSurvey(input, m_stop);
    if (m_narrator.port().stopped())
        return {};
    m_narrator.plan(steps, 3);
    const Result<Edit> edit = planWrite(m_root, intent.subject, document);
    if (!edit)
        return u"I could not write "_s + code(intent.subject) +
               u": it lies outside of this folder or cannot be written."_s;
    const QString said = m_actions.write(*edit);
    if (m_actions.lastWasDone())
        m_narrator.plan(steps, 4);
    return said + u' ' + counted(static_cast<qint64>(inventory().modules.modules.size()), u"part"_s) +
           u" described, "_s + number(readers.size()) + u" of them in the readers' words."_s;
}

} // namespace muster::demo
