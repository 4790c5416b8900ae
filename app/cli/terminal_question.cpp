#include "app/cli/terminal_question.h"

#include "app/cli/cli.h"
#include "app/cli/wrapped_text.h"
#include "core/viewmodel/describe.h"
#include "core/viewmodel/visible_text.h"

#include <QRegularExpression>
#include <QSocketNotifier>

#include <termios.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <utility>

namespace muster::app {

using namespace Qt::StringLiterals;

namespace {

// "2", and where several may be taken "1 3" or "1, 3"; empty: these are words.
QList<int> numbersIn(const QString &text, bool several)
{
    static const QRegularExpression between(u"[,\\s]+"_s);
    const QStringList parts = several ? text.split(between, Qt::SkipEmptyParts) : QStringList(text);
    QList<int> numbers;
    for (const QString &part : parts) {
        bool isNumber = false;
        const int number = part.toInt(&isNumber);
        if (!isNumber)
            return {};
        if (!numbers.contains(number))
            numbers += number;
    }
    return numbers;
}

} // namespace

QStringList choiceLines(const api::InboxInfo &item)
{
    QStringList lines;
    for (qsizetype i = 0; i < item.choices.size(); ++i) {
        const QString choice = withVisibleMarks(item.choices.at(i));
        const QString detail = withVisibleMarks(item.details.value(i));
        lines += u"  %1) "_s.arg(i + 1) + (detail.isEmpty() ? choice : QString(choice % u": " % detail));
    }
    return lines;
}

QString howToAnswer(const api::InboxInfo &item)
{
    return u"muster inbox answer %1 %2"_s.arg(
        item.id.toString(), item.kind == InboxKind::Question ? u"yes --message TEXT"_s : u"yes|no|later"_s);
}

void TerminalQuestion::ask(const api::InboxInfo &item)
{
    m_item = item;
    Cli::print({});
    Cli::print(u"? %1"_s.arg(describeTitle(item)));
    if (!item.body.isEmpty())
        Cli::print(wrappedText(withVisibleMarks(item.body), terminalColumns()));
    for (const QString &text : {item.command, item.diff}) {
        if (!text.isEmpty())
            Cli::print(withVisibleMarks(text));
    }
    const QStringList choices = choiceLines(item);
    for (const QString &line : choices)
        Cli::print(line);
    for (const QString &fact : {describeRisk(item), describePlace(item)}) {
        if (!fact.isEmpty())
            Cli::print(u"  ! "_s + fact);
    }
    tcflush(STDIN_FILENO, TCIFLUSH); // what was typed before it was asked is no answer
    prompt();
    if (!m_input) {
        m_input = new QSocketNotifier(STDIN_FILENO, QSocketNotifier::Read, this);
        connect(m_input, &QSocketNotifier::activated, this, &TerminalQuestion::onInput);
    }
}

void TerminalQuestion::leave()
{
    m_item = {};
    if (std::exchange(m_promptOpen, false))
        Cli::print({});
}

void TerminalQuestion::print(const QString &line)
{
    const bool asked = std::exchange(m_promptOpen, false);
    if (asked)
        Cli::print({});
    Cli::print(line);
    if (asked && m_item.id.isValid())
        prompt();
}

void TerminalQuestion::prompt()
{
    const QString text = m_item.kind != InboxKind::Question ? Cli::tr("  [y]es, [n]o, [l]ater: ")
                         : m_item.choices.isEmpty()         ? Cli::tr("  Your answer (Enter alone: later): ")
                         : m_item.several
                             ? Cli::tr("  Numbers (1 3), or your own words (Enter alone: later): ")
                             : Cli::tr("  A number, or your own words (Enter alone: later): ");
    std::fputs(qPrintable(text), stdout);
    std::fflush(stdout);
    m_promptOpen = true;
}

void TerminalQuestion::onInput()
{
    std::array<char, 4096> buffer{};
    const ssize_t size = read(STDIN_FILENO, buffer.data(), buffer.size());
    if (size <= 0) {
        m_input->setEnabled(false);
        return;
    }
    if (!m_item.id.isValid())
        return;
    m_promptOpen = false; // the person's Enter has ended its line
    const QString text = QString::fromLocal8Bit(buffer.data(), size).trimmed();
    const auto answer =
        m_item.kind == InboxKind::Question ? answerToQuestion(text) : answerToRequest(text.toLower());
    if (!answer)
        return prompt();
    m_item = {};
    onAnswer(*answer);
}

std::optional<api::AnswerInbox> TerminalQuestion::answerToQuestion(const QString &text) const
{
    if (text.isEmpty())
        return api::AnswerInbox{.inbox = m_item.id, .answer = api::AnswerKind::Later};
    const QList<int> numbers = m_item.choices.isEmpty() ? QList<int>() : numbersIn(text, m_item.several);
    if (numbers.isEmpty())
        return api::AnswerInbox{.inbox = m_item.id, .answer = api::AnswerKind::Yes, .message = text};
    QStringList taken;
    for (const int number : numbers) {
        if (number < 1 || number > m_item.choices.size()) {
            Cli::print(Cli::tr("  There is no choice %1.").arg(number));
            return std::nullopt;
        }
        taken += m_item.choices.at(number - 1);
    }
    return api::AnswerInbox{.inbox = m_item.id, .answer = api::AnswerKind::Yes, .message = taken.join(u'\n')};
}

std::optional<api::AnswerInbox> TerminalQuestion::answerToRequest(const QString &text) const
{
    using enum api::AnswerKind;
    for (const auto &[word, kind] :
         {std::pair{Cli::tr("yes"), Yes}, {Cli::tr("no"), No}, {Cli::tr("later"), Later}}) {
        if (!text.isEmpty() && word.startsWith(text))
            return api::AnswerInbox{.inbox = m_item.id, .answer = kind};
    }
    Cli::print(Cli::tr("  That is none of them. Type yes, no or later."));
    return std::nullopt;
}

} // namespace muster::app
