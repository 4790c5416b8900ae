#include "core/schedule/cron_pattern.h"

#include <span>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

template <typename T = void> using Read = std::expected<T, WhenProblem>;

std::unexpected<WhenProblem> wrong(WhenMistake mistake, qsizetype position, QStringView found,
                                   const QString &expected = {})
{
    return std::unexpected(WhenProblem{
        .mistake = mistake, .position = position, .found = found.toString(), .expected = expected});
}

struct Token {
    QStringView text;
    qsizetype position = 0;

    [[nodiscard]] Token part(qsizetype from, qsizetype length = -1) const
    {
        return {length < 0 ? text.sliced(from) : text.sliced(from, length), position + from};
    }
};

std::vector<Token> split(const Token &whole, auto isSeparator, bool keepEmpty)
{
    std::vector<Token> parts;
    qsizetype start = 0;
    for (qsizetype at = 0; at <= whole.text.size(); ++at) {
        if (at < whole.text.size() && !isSeparator(whole.text.at(at)))
            continue;
        if (keepEmpty || at > start)
            parts.push_back(whole.part(start, at - start));
        start = at + 1;
    }
    return parts;
}

constexpr std::array<QLatin1StringView, 12> monthNames{"JAN"_L1, "FEB"_L1, "MAR"_L1, "APR"_L1,
                                                       "MAY"_L1, "JUN"_L1, "JUL"_L1, "AUG"_L1,
                                                       "SEP"_L1, "OCT"_L1, "NOV"_L1, "DEC"_L1};
constexpr std::array<QLatin1StringView, 7> dayNames{"SUN"_L1, "MON"_L1, "TUE"_L1, "WED"_L1,
                                                    "THU"_L1, "FRI"_L1, "SAT"_L1};

// A field of numbers: what it allows, and how its values may be written.
struct Range {
    int first = 0;
    int last = 0;
    std::span<const QLatin1StringView> names; // of first, first + 1, …

    [[nodiscard]] QString text() const
    {
        const QString numbers = u"%1-%2"_s.arg(first).arg(last);
        return names.empty() ? numbers : numbers + u", %1-%2"_s.arg(names.front(), names.back());
    }
};

const Range secondRange{.first = 0, .last = 59};
const Range hourRange{.first = 0, .last = 23};
const Range dayRange{.first = 1, .last = 31};
const Range monthRange{.first = 1, .last = 12, .names = monthNames};
const Range weekdayRange{.first = 0, .last = 7, .names = dayNames};
const Range yearRange{.first = kFirstCronYear, .last = kLastCronYear};

Read<int> readValue(const Token &token, const Range &range)
{
    for (size_t i = 0; i < range.names.size(); ++i)
        if (token.text.compare(range.names[i], Qt::CaseInsensitive) == 0)
            return range.first + static_cast<int>(i);
    const bool digits = !token.text.isEmpty() && token.text.size() <= 4 &&
                        std::ranges::all_of(token.text, [](QChar c) { return c >= u'0' && c <= u'9'; });
    const int value = digits ? token.text.toInt() : -1;
    if (value < range.first || value > range.last)
        return wrong(WhenMistake::BadValue, token.position, token.text, range.text());
    return value;
}

// The numbers of one entry of a list: *, A, A-B, with /N behind * or A-B.
Read<> readEntry(const Token &entry, const Range &range, const auto &allow)
{
    const qsizetype slash = entry.text.indexOf(u'/');
    const Token base = slash < 0 ? entry : entry.part(0, slash);
    const qsizetype dash = base.text.indexOf(u'-');
    int first = range.first;
    int last = &range == &weekdayRange ? 6 : range.last; // 7 is Sunday again
    if (dash >= 0) {
        const Read<int> from = readValue(base.part(0, dash), range);
        Read<int> to = readValue(base.part(dash + 1), range);
        if (!from || !to)
            return std::unexpected(from ? to.error() : from.error());
        if (&range == &weekdayRange && *to == 0 && *from > 0 && !base.text.endsWith(u'0'))
            to = 7; // FRI-SUN: a name at the end of a range is the week's end
        if (*from > *to)
            return wrong(WhenMistake::DescendingRange, base.position, base.text);
        first = *from;
        last = *to;
    } else if (base.text != u"*") {
        if (slash >= 0)
            return wrong(WhenMistake::StepOfNothing, entry.position, entry.text);
        const Read<int> value = readValue(base, range);
        if (!value)
            return std::unexpected(value.error());
        first = last = *value;
    }
    int step = 1;
    if (slash >= 0) {
        const Token stepText = entry.part(slash + 1);
        const Read<int> read = readValue(stepText, Range{.first = 0, .last = 9999});
        if (!read)
            return wrong(WhenMistake::BadValue, stepText.position, stepText.text, u"1-%1"_s.arg(range.last));
        if (*read == 0)
            return wrong(WhenMistake::StepOfZero, stepText.position, stepText.text);
        step = *read;
    }
    for (int value = first; value <= last; value += step)
        allow(static_cast<size_t>(value));
    return {};
}

std::vector<Token> listOf(const Token &field)
{
    return split(field, [](QChar c) { return c == u','; }, true);
}

Read<> readNumbers(const Token &field, const Range &range, const auto &allow)
{
    for (const Token &entry : listOf(field)) {
        const auto mark = std::ranges::find_if(entry.text, [](QChar c) { return u"?+#"_s.contains(c); });
        if (mark != entry.text.end())
            return wrong(WhenMistake::MarkNotHere, entry.position + (mark - entry.text.begin()),
                         QStringView(mark, 1));
        if (const auto read = readEntry(entry, range, allow); !read)
            return read;
    }
    return {};
}

bool isUnrestricted(const Token &field)
{
    return field.text == u"?" || field.text == u"*" || field.text.startsWith(u"*,");
}

Read<> readDays(const Token &field, CronPattern &pattern)
{
    pattern.daysRestricted = !isUnrestricted(field);
    if (field.text == u"?")
        return {};
    const std::vector<Token> entries = listOf(field);
    for (const Token &entry : entries) {
        if (entry.text.compare(u"L", Qt::CaseInsensitive) == 0) {
            pattern.lastDay = true;
            continue;
        }
        if (!entry.text.endsWith(u'W', Qt::CaseInsensitive)) {
            const auto read = readNumbers(entry, dayRange, [&](size_t day) { pattern.days.set(day); });
            if (!read)
                return read;
            continue;
        }
        if (entries.size() > 1 || entry.text.contains(u'-') || entry.text.contains(u'/'))
            return wrong(WhenMistake::NotAlone, entry.position, entry.text);
        const Token day = entry.part(0, entry.text.size() - 1);
        pattern.lastWeekday = day.text.compare(u"L", Qt::CaseInsensitive) == 0;
        if (pattern.lastWeekday)
            continue;
        const Read<int> value = readValue(day, dayRange);
        if (!value)
            return std::unexpected(value.error());
        pattern.nearestWeekday = *value;
    }
    return {};
}

// MON#2, MON#L, MONL; nullopt: an ordinary entry.
std::optional<Read<>> readMarkedWeekday(const Token &entry, CronPattern &pattern)
{
    const qsizetype hash = entry.text.indexOf(u'#');
    const bool endsInL = entry.text.endsWith(u'L', Qt::CaseInsensitive);
    if (hash < 0 && !endsInL)
        return std::nullopt;
    const Token day = entry.part(0, hash >= 0 ? hash : entry.text.size() - 1);
    if (day.text.isEmpty())
        return Read<>(wrong(WhenMistake::MarkNotHere, entry.position, entry.text));
    const Read<int> value = readValue(day, weekdayRange);
    if (!value)
        return Read<>(std::unexpected(value.error()));
    const auto weekday = static_cast<size_t>(*value % 7);
    if (endsInL && (hash < 0 || hash + 2 == entry.text.size())) {
        pattern.last.set(weekday);
        return Read<>();
    }
    const Read<int> nth = readValue(entry.part(hash + 1), Range{.first = 1, .last = 5});
    if (!nth)
        return Read<>(std::unexpected(nth.error()));
    pattern.nth.at(weekday).set(static_cast<size_t>(*nth));
    return Read<>();
}

Read<> readWeekdays(Token field, CronPattern &pattern)
{
    if (field.text.startsWith(u'+')) {
        pattern.bothDays = true;
        field = field.part(1);
    }
    pattern.weekdaysRestricted = !isUnrestricted(field);
    if (field.text == u"?") {
        pattern.weekdays.set();
        return {};
    }
    for (const Token &entry : listOf(field)) {
        if (const auto marked = readMarkedWeekday(entry, pattern)) {
            if (!*marked)
                return *marked;
            continue;
        }
        const auto read =
            readNumbers(entry, weekdayRange, [&](size_t day) { pattern.weekdays.set(day % 7); });
        if (!read)
            return read;
    }
    return {};
}

template <size_t N> auto into(std::bitset<N> &set)
{
    return [&set](size_t value) {
        set.set(value);
    };
}

struct Nickname {
    QLatin1StringView name;
    QLatin1StringView pattern;
};

constexpr std::array nicknames{
    Nickname{"@yearly"_L1, "0 0 1 1 *"_L1},  Nickname{"@annually"_L1, "0 0 1 1 *"_L1},
    Nickname{"@monthly"_L1, "0 0 1 * *"_L1}, Nickname{"@weekly"_L1, "0 0 * * 0"_L1},
    Nickname{"@daily"_L1, "0 0 * * *"_L1},   Nickname{"@midnight"_L1, "0 0 * * *"_L1},
    Nickname{"@hourly"_L1, "0 * * * *"_L1}};

Read<CronPattern> parseNickname(const std::vector<Token> &words)
{
    const Token &name = words.front();
    if (name.text == u"@reboot" && words.size() == 1)
        return wrong(WhenMistake::RebootNotSupported, name.position, name.text);
    const auto *known =
        std::ranges::find_if(nicknames, [&](const Nickname &each) { return name.text == each.name; });
    if (known == nicknames.end())
        return wrong(WhenMistake::BadValue, name.position, name.text,
                     u"@hourly, @daily, @weekly, @monthly, @yearly"_s);
    if (words.size() > 1)
        return wrong(WhenMistake::NotAlone, words[1].position, name.text);
    return parseCron(known->pattern);
}

Read<> readFields(const std::vector<Token> &fields, CronPattern &pattern)
{
    size_t next = 0;
    if (fields.size() == 5)
        pattern.seconds.set(0);
    else if (const auto read = readNumbers(fields[next++], secondRange, into(pattern.seconds)); !read)
        return read;
    if (const auto read = readNumbers(fields[next++], secondRange, into(pattern.minutes)); !read)
        return read;
    const Token &hours = fields[next++];
    if (const auto read = readNumbers(hours, hourRange, into(pattern.hours)); !read)
        return read;
    pattern.hoursAreFixed = !hours.text.contains(u'*') && !hours.text.contains(u'/');
    if (const auto read = readDays(fields[next++], pattern); !read)
        return read;
    if (const auto read = readNumbers(fields[next++], monthRange, into(pattern.months)); !read)
        return read;
    if (const auto read = readWeekdays(fields[next++], pattern); !read)
        return read;
    if (fields.size() == 7 && fields[next].text != u"*") {
        pattern.years.emplace();
        return readNumbers(fields[next], yearRange, [&pattern](size_t year) {
            pattern.years->set(year - static_cast<size_t>(kFirstCronYear));
        });
    }
    return {};
}

} // namespace

Read<CronPattern> parseCron(const QString &text)
{
    const std::vector<Token> words = split({text, 0}, [](QChar c) { return c == u' ' || c == u'\t'; }, false);
    if (words.empty())
        return wrong(WhenMistake::Empty, 0, {});
    if (words.front().text.startsWith(u'@'))
        return parseNickname(words);
    if (words.size() < 5 || words.size() > 7)
        return wrong(WhenMistake::FieldCount, words.size() < 5 ? text.size() : words[7].position,
                     QString::number(words.size()), u"5-7"_s);
    CronPattern pattern;
    if (const auto read = readFields(words, pattern); !read)
        return std::unexpected(read.error());
    for (const Token &word : words)
        pattern.text += (pattern.text.isEmpty() ? QString() : u" "_s) + word.text.toString();
    return pattern;
}

} // namespace muster
