#include "core/agent/command_plan.h"

#include "core/agent/command_carriers.h"

#include <algorithm>
#include <array>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

class Planner {
public:
    explicit Planner(CommandPlan &plan)
        : m_plan(plan)
    {
    }

    void add(const CommandLine &line, int by, int depth)
    {
        noteDoubt(line.doubt);
        for (const SimpleCommand &command : line.commands)
            add({.command = command, .carriedBy = by}, depth);
    }

private:
    static constexpr int deepest = 8;
    static constexpr qsizetype mostGuesses = 64;

    void noteDoubt(const QString &doubt)
    {
        if (m_plan.doubt.isEmpty())
            m_plan.doubt = doubt;
    }

    void add(PlannedCommand planned, int depth)
    {
        if (depth > deepest)
            return noteDoubt(u"too_deep"_s);
        const Carrier carrier = carrierOf(planned.command);
        noteDoubt(carrier.doubt);
        const SimpleCommand command = planned.command;
        if (carrier.kind == Carrier::Kind::Opaque)
            planned.role = CommandRole::Hides;
        else if (carrier.kind != Carrier::Kind::None)
            planned.role = CommandRole::Carries;
        planned.carriesFrom = carrier.at;
        m_plan.commands.push_back(std::move(planned));
        const int self = static_cast<int>(m_plan.commands.size()) - 1;
        if (carrier.kind == Carrier::Kind::Plain)
            addRest(command, carrier.at, self, depth);
        else if (carrier.kind == Carrier::Kind::Opaque)
            addGuesses(command, carrier.at, self);
        else if (carrier.kind == Carrier::Kind::Text)
            addText(command, carrier, self, depth);
        else
            addExecuted(command, self);
    }

    void addRest(const SimpleCommand &command, qsizetype at, int self, int depth)
    {
        PlannedCommand inner{.carriedBy = self};
        inner.command.words.assign(command.words.begin() + at, command.words.end());
        for (qsizetype i = 1; i < at; ++i) {
            const ShellWord &word = command.words[size_t(i)];
            if (word.text.contains(u'=') && !word.text.startsWith(u'-'))
                inner.command.assignments.push_back(word);
        }
        add(std::move(inner), depth + 1);
    }

    // Where the command begins is not known for certain: any of the words may be its program.
    void addGuesses(const SimpleCommand &command, qsizetype from, int self)
    {
        const auto size = static_cast<qsizetype>(command.words.size());
        if (size > mostGuesses)
            noteDoubt(u"too_many_words"_s);
        for (qsizetype i = from; i < std::min(size, mostGuesses); ++i) {
            const QString &word = command.words[size_t(i)].text;
            if (word.startsWith(u'-'))
                continue;
            if (word.contains(u' ')) {
                for (const SimpleCommand &inner : parseCommandLine(word).commands)
                    m_plan.commands.push_back(
                        {.command = inner, .role = CommandRole::Guess, .carriedBy = self});
            }
            PlannedCommand guess{.role = CommandRole::Guess, .carriedBy = self};
            guess.command.words.assign(command.words.begin() + i, command.words.end());
            m_plan.commands.push_back(std::move(guess));
        }
    }

    void addText(const SimpleCommand &command, const Carrier &carrier, int self, int depth)
    {
        QStringList texts;
        for (qsizetype i = carrier.at; i < carrier.at + carrier.count; ++i) {
            const ShellWord &word = command.words[size_t(i)];
            if (!word.literal)
                noteDoubt(u"expanded_command"_s);
            texts += word.text;
        }
        add(parseCommandLine(texts.join(u' ')), self, depth + 1);
    }

    // find … -exec: what is executed is found by its name in the words.
    void addExecuted(const SimpleCommand &command, int self)
    {
        static constexpr std::array<QStringView, 8> signs{u"-exec", u"-execdir", u"-ok",    u"-okdir",
                                                          u"-x",    u"-X",       u"--exec", u"--exec-batch"};
        const QString program = programOf(command);
        if (program != u"find" && program != u"fd" && program != u"fdfind")
            return;
        const auto sign = std::ranges::find_if(command.words, [](const ShellWord &word) {
            return std::ranges::contains(signs, QStringView(word.text));
        });
        if (sign == command.words.end())
            return;
        PlannedCommand &planned = m_plan.commands[size_t(self)];
        planned.role = CommandRole::Hides;
        planned.carriesFrom = sign - command.words.begin() + 1;
        addGuesses(command, planned.carriesFrom, self);
    }

    CommandPlan &m_plan;
};

} // namespace

QString PlannedCommand::program() const { return programOf(command); }

CommandPlan planOf(const QString &commandLine)
{
    CommandPlan plan;
    Planner(plan).add(parseCommandLine(commandLine), -1, 0);
    return plan;
}

} // namespace muster
