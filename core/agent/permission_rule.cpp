#include "core/agent/permission_rule.h"

#include "core/agent/command_carriers.h"

#include <QRegularExpression>

#include <algorithm>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

bool isStar(const ShellWord &word) { return word.names && word.text == u"*"; }

// Without regular expressions, so that it never gives up.
bool matchesStars(QStringView pattern, QStringView text)
{
    const auto parts = pattern.split(u'*');
    if (parts.size() == 1)
        return pattern == text;
    if (!text.startsWith(parts.front()))
        return false;
    text = text.sliced(parts.front().size());
    for (qsizetype i = 1; i + 1 < parts.size(); ++i) {
        const qsizetype at = text.indexOf(parts[i]);
        if (at < 0)
            return false;
        text = text.sliced(at + parts[i].size());
    }
    return text.endsWith(parts.back());
}

bool matchesWord(const ShellWord &pattern, const ShellWord &word)
{
    return pattern.names ? matchesStars(pattern.text, word.text) : pattern.text == word.text;
}

bool samePrograms(const ShellWord &pattern, const ShellWord &word)
{
    const QString left = pattern.text.section(u'/', -1).toLower();
    const QString right = word.text.section(u'/', -1).toLower();
    return word.literal && (pattern.names ? matchesStars(left, right) : left == right);
}

// "git -C x push" is "git push".
std::vector<ShellWord> withoutGitOptions(const SimpleCommand &command)
{
    auto words = command.words;
    if (programOf(command) != u"git")
        return words;
    static const QStringList valued{u"-C"_s,          u"-c"_s,          u"--git-dir"_s,
                                    u"--work-tree"_s, u"--namespace"_s, u"--config-env"_s};
    while (words.size() > 1 && words[1].text.startsWith(u'-')) {
        const bool takesNext = valued.contains(words[1].text) && words.size() > 2;
        words.erase(words.begin() + 1, words.begin() + (takesNext ? 3 : 2));
    }
    return words;
}

bool matchesGenerously(const std::vector<ShellWord> &pattern, const SimpleCommand &command)
{
    const auto words = withoutGitOptions(command);
    if (pattern.empty() || words.empty() || !samePrograms(pattern.front(), words.front()))
        return pattern.size() == 1 && isStar(pattern.front());
    const bool open = isStar(pattern.back());
    const size_t said = pattern.size() - (open ? 1 : 0);
    if (words.size() < said || (!open && words.size() != said))
        return false;
    for (size_t i = 1; i < said; ++i) {
        if (!matchesWord(pattern[i], words[i]))
            return false;
    }
    return true;
}

// What a rule for one command says; none: it could not be told apart for certain.
std::optional<SimpleCommand> plainCommand(const PermissionRule &rule)
{
    const CommandLine line = parseCommandLine(rule.pattern);
    if (rule.kind != ToolKind::Execute || !line.doubt.isEmpty() || line.commands.size() != 1)
        return std::nullopt;
    const SimpleCommand &pattern = line.commands.front();
    if (!pattern.redirections.empty() || pattern.words.empty() || !pattern.words.front().literal ||
        !pattern.assignments.empty())
        return std::nullopt;
    return pattern;
}

} // namespace

bool hasWildcard(const QString &pattern)
{
    return pattern.contains(u'*') || pattern.contains(u'?') || pattern.contains(u'[');
}

bool isWholeCommand(const PermissionRule &rule, const QString &commandLine)
{
    return rule.kind == ToolKind::Execute && !commandLine.trimmed().isEmpty() &&
           rule.pattern == commandLine && (rule.exact || !rule.pattern.contains(u'*'));
}

bool canAllow(const PermissionRule &rule)
{
    return isWholeCommand(rule, rule.pattern) || plainCommand(rule).has_value();
}

std::optional<qsizetype> saidWords(const PermissionRule &rule, const SimpleCommand &command)
{
    const auto plain = plainCommand(rule);
    if (!plain)
        return std::nullopt;
    const SimpleCommand &pattern = *plain;
    const bool open = !rule.exact && isStar(pattern.words.back());
    const size_t said = pattern.words.size() - (open ? 1 : 0);
    if (command.words.size() < said || (!open && command.words.size() != said))
        return std::nullopt;
    size_t oneByOne = said;
    for (size_t i = 0; i < said; ++i) {
        const ShellWord &wanted = pattern.words[i];
        const ShellWord &word = command.words[i];
        const bool onlyStars = wanted.names && !rule.exact && !wanted.text.contains(u'?') &&
                               !wanted.text.contains(u'[') && !wanted.text.contains(u'~');
        if (!word.literal || (!wanted.literal && !onlyStars) || !matchesWord(wanted, word))
            return std::nullopt;
        if (wanted.names)
            oneByOne = std::min(oneByOne, i);
    }
    return static_cast<qsizetype>(oneByOne);
}

PatternMatch concernsCommand(const PermissionRule &rule, const SimpleCommand &command)
{
    const CommandLine line = parseCommandLine(rule.pattern);
    const bool any = std::ranges::any_of(line.commands, [&](const SimpleCommand &pattern) {
        return matchesGenerously(pattern.words, command);
    });
    return any ? PatternMatch::Yes : PatternMatch::No;
}

// A pattern of several commands concerns a line that has them all.
PatternMatch concernsPlan(const PermissionRule &rule, const CommandPlan &plan)
{
    if (rule.kind != ToolKind::Execute)
        return PatternMatch::No;
    const CommandLine line = parseCommandLine(rule.pattern);
    const bool all =
        !line.commands.empty() && std::ranges::all_of(line.commands, [&](const SimpleCommand &pattern) {
        return std::ranges::any_of(plan.commands, [&](const PlannedCommand &planned) {
            return matchesGenerously(pattern.words, planned.command);
        });
    });
    if (all)
        return PatternMatch::Yes;
    return line.doubt.isEmpty() && !line.commands.empty() ? PatternMatch::No : PatternMatch::Unclear;
}

PatternMatch matchesPath(const QString &pattern, const QString &relative)
{
    QStringList parts = pattern.split(u"**"_s);
    for (QString &part : parts)
        part = QRegularExpression::wildcardToRegularExpression(
            part, QRegularExpression::UnanchoredWildcardConversion);
    const QRegularExpression glob(QRegularExpression::anchoredPattern(parts.join(u".*"_s)),
                                  QRegularExpression::DotMatchesEverythingOption);
    const auto match = glob.match(relative);
    if (!glob.isValid() || !match.isValid())
        return PatternMatch::Unclear;
    return match.hasMatch() ? PatternMatch::Yes : PatternMatch::No;
}

} // namespace muster
