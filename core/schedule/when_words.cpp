#include "core/schedule/when_words.h"

#include "core/schedule/word_reader.h"

#include <QStringList>

#include <set>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

enum Unit { Second, Minute, Hour, Day, Week };

using Done = std::expected<void, WhenProblem>;

class WordsReader {
public:
    explicit WordsReader(const QString &text)
        : m_words(whenWords(text))
        , m_length(text.size())
    {
    }

    std::expected<When, WhenProblem> read();

private:
    [[nodiscard]] bool atEnd() const { return m_at >= m_words.size(); }
    [[nodiscard]] QString word(size_t ahead = 0) const
    {
        return m_at + ahead < m_words.size() ? m_words[m_at + ahead].text : QString();
    }
    [[nodiscard]] std::unexpected<WhenProblem> wrong(WhenMistake mistake, const QString &expected = {}) const
    {
        return std::unexpected(WhenProblem{.mistake = mistake,
                                           .position = atEnd() ? m_length : m_words[m_at].position,
                                           .found = word(),
                                           .expected = expected});
    }
    bool take(std::initializer_list<QStringView> words);

    Done readOne();
    Done readEvery();
    Done readTimes();
    Done readFrequency();
    Done readHours();
    Done readOrdinal();
    Done readWeekdays(int first);
    Done readMonth(int month);
    bool readName();
    [[nodiscard]] std::optional<TimeOfDay> takeTime(bool bareNumber);

    [[nodiscard]] std::expected<When, WhenProblem> result() const;
    [[nodiscard]] std::expected<QString, WhenProblem> clockFields() const;
    [[nodiscard]] QString dayFields() const;
    [[nodiscard]] bool restrictsDays() const
    {
        return !m_weekdays.empty() || !m_weekdayMarks.isEmpty() || !m_days.isEmpty() || !m_months.empty();
    }

    std::vector<WhenWord> m_words;
    qsizetype m_length;
    size_t m_at = 0;
    std::vector<TimeOfDay> m_times;
    std::set<int> m_weekdays;
    QStringList m_weekdayMarks; // 1#2, 5#L
    QStringList m_days;         // 15, L, 1W
    std::set<int> m_months;
    QString m_hours;                                 // 9-17
    std::optional<std::pair<int, Unit>> m_frequency; // every 15 minutes
    size_t m_frequencyAt = 0;
};

bool WordsReader::take(std::initializer_list<QStringView> words)
{
    if (std::ranges::none_of(words, [this](QStringView known) { return word() == known; }))
        return false;
    ++m_at;
    return true;
}

std::optional<TimeOfDay> WordsReader::takeTime(bool bareNumber)
{
    const QString half = isHalfOfDay(word(1)) ? word(1) : QString();
    const auto time = timeFromWord(word(), half, bareNumber);
    if (time)
        m_at += half.isEmpty() ? 1 : 2;
    return time;
}

Done WordsReader::readTimes()
{
    do {
        const auto time = takeTime(true);
        if (!time)
            return wrong(atEnd() ? WhenMistake::MissingTime : WhenMistake::BadTime, u"00:00-23:59"_s);
        take({u"o'clock", u"oclock", u"h"});
        m_times.push_back(*time);
        // "at 9 and 17", but not "at 9 and on mondays".
    } while ((word() == u"and" && timeFromWord(word(1), word(2), true) && take({u"and"})) ||
             timeFromWord(word(), word(1), true));
    // A pattern fires at each of its hours at each of its minutes.
    std::set<int> hours;
    std::set<int> minutes;
    std::set<std::pair<int, int>> times;
    for (const TimeOfDay &time : m_times) {
        hours.insert(time.hour);
        minutes.insert(time.minute);
        times.insert({time.hour, time.minute});
    }
    if (times.size() == hours.size() * minutes.size())
        return {};
    --m_at;
    return wrong(WhenMistake::TimesDoNotFit);
}

// "every 15 minutes", "hourly"; the words before are taken.
Done WordsReader::readFrequency()
{
    m_frequencyAt = m_at;
    const int number = numberFromWord(word()).value_or(1);
    if (numberFromWord(word()))
        ++m_at;
    const auto unit = unitFromWord(word());
    if (!unit)
        return wrong(WhenMistake::NotUnderstood, u"minutes, hours, days"_s);
    if (number < 1)
        return wrong(WhenMistake::IntervalTooShort);
    ++m_at;
    if (number > 1 || *unit < Day)
        m_frequency = {number, static_cast<Unit>(*unit)};
    else if (*unit == Week && m_weekdays.empty())
        m_weekdays.insert(0);
    return {};
}

// "between 9 and 17"; a pattern knows hours only, so the last firing is in the last hour.
Done WordsReader::readHours()
{
    const auto from = takeTime(true);
    if (!from)
        return wrong(WhenMistake::BadTime, u"00:00-23:59"_s);
    if (!take({u"and", u"to", u"until", u"till", u"through", u"-"}))
        return wrong(WhenMistake::NotUnderstood, u"and"_s);
    const auto to = takeTime(true);
    if (!to)
        return wrong(WhenMistake::BadTime, u"00:00-23:59"_s);
    if (from->minute != 0 || to->minute != 0 || from->hour > to->hour || !m_hours.isEmpty()) {
        --m_at;
        return wrong(WhenMistake::DoesNotFit);
    }
    m_hours = u"%1-%2"_s.arg(from->hour).arg(to->hour);
    return {};
}

// "first day", "last friday", "1st and 15th", "3rd".
Done WordsReader::readOrdinal()
{
    const int ordinal = *ordinalFromWord(word());
    ++m_at;
    const auto weekday = weekdayFromWord(word());
    if (weekday) {
        if (ordinal > 5)
            return wrong(WhenMistake::DoesNotFit);
        m_weekdayMarks += u"%1#%2"_s.arg(*weekday).arg(ordinal == 0 ? u"L"_s : QString::number(ordinal));
        ++m_at;
        return {};
    }
    if (take({u"weekday", u"workday"})) {
        m_days += (ordinal == 0 ? u"L"_s : QString::number(ordinal)) + u"W"_s;
        return {};
    }
    if (!take({u"day"}) && ordinal == 0)
        return wrong(WhenMistake::NotUnderstood, u"day, friday"_s);
    m_days += ordinal == 0 ? u"L"_s : QString::number(ordinal);
    return {};
}

Done WordsReader::readWeekdays(int first)
{
    ++m_at;
    if (!weekdayFromWord(word(1)) || !take({u"to", u"through", u"thru", u"until", u"-", u"–"})) {
        m_weekdays.insert(first);
        return {};
    }
    const int last = *weekdayFromWord(word());
    ++m_at;
    for (int at = first;; at = (at + 1) % 7) {
        m_weekdays.insert(at);
        if (at == last)
            return {};
    }
}

// "january", "january 1", "24th december" (the number came before).
Done WordsReader::readMonth(int month)
{
    ++m_at;
    m_months.insert(month);
    const auto number = numberFromWord(word());
    if (!number)
        return {};
    if (*number < 1 || *number > 31)
        return wrong(WhenMistake::BadDate, u"1-31"_s);
    m_days += QString::number(*number);
    ++m_at;
    return {};
}

// Words that are a whole rule by themselves.
bool WordsReader::readName()
{
    if (take({u"weekdays", u"weekday", u"workdays", u"workday"}))
        m_weekdays.insert({1, 2, 3, 4, 5});
    else if (take({u"weekends", u"weekend"}))
        m_weekdays.insert({0, 6});
    else if (take({u"hourly"}))
        m_frequency = {1, Hour};
    else if (take({u"weekly"}))
        m_weekdays.insert(0);
    else if (take({u"monthly"}))
        m_days += u"1"_s;
    else if (take({u"yearly", u"annually"})) {
        m_days += u"1"_s;
        m_months.insert(1);
    } else
        return take({u"daily", u"nightly"});
    return true;
}

Done WordsReader::readEvery()
{
    if (numberFromWord(word()) || (unitFromWord(word()) && word() != u"second") ||
        (word() == u"second" && m_at + 1 == m_words.size()))
        return readFrequency();
    // "every third day" is not the month's third day; "every third day of the month" is.
    const bool names = weekdayFromWord(word(1)) || word(1) == u"day";
    if (ordinalFromWord(word()).value_or(0) > 0 && names && word(2) != u"of")
        return wrong(WhenMistake::DoesNotFit, u"%1 %2 of the month"_s.arg(word(), word(1)));
    return {};
}

Done WordsReader::readOne()
{
    if (take({u"at", u"@"}))
        return readTimes();
    if (take({u"between", u"from"}))
        return readHours();
    if (take({u"every", u"each"}))
        return readEvery();
    if (take({u"on", u"the", u"of", u"in", u"and"}))
        return atEnd() ? Done(wrong(WhenMistake::NotUnderstood)) : Done();
    if (take({u"month", u"months"})) {
        if (m_days.isEmpty() && m_weekdayMarks.isEmpty())
            m_days += u"1"_s;
        return {};
    }
    if (readName())
        return {};
    if (const auto weekday = weekdayFromWord(word()))
        return readWeekdays(*weekday);
    if (const auto month = monthFromWord(word()))
        return readMonth(*month);
    if (ordinalFromWord(word()))
        return readOrdinal();
    if (const auto number = numberFromWord(word()); number && monthFromWord(word(1))) {
        m_days += QString::number(*number);
        ++m_at;
        return {};
    }
    if (timeFromWord(word(), word(1), false))
        return readTimes();
    return wrong(WhenMistake::NotUnderstood);
}

QString listText(const std::set<int> &values)
{
    QStringList parts;
    for (auto at = values.begin(); at != values.end();) {
        const int first = *at;
        int last = first;
        for (++at; at != values.end() && *at == last + 1; ++at)
            ++last;
        if (last == first + 1)
            parts << QString::number(first) << QString::number(last);
        else
            parts << (last == first ? QString::number(first) : u"%1-%2"_s.arg(first).arg(last));
    }
    return parts.join(u',');
}

QString WordsReader::dayFields() const
{
    QStringList weekdays = m_weekdayMarks;
    if (!m_weekdays.empty())
        weekdays.prepend(m_weekdays.size() == 7 ? u"*"_s : listText(m_weekdays));
    const QString weekdayField = weekdays.isEmpty() ? u"*"_s : weekdays.join(u',');
    // A year's day without a month would be every month's; a month without a day is each of its days.
    const QString dayField = m_days.isEmpty() ? u"*"_s : m_days.join(u',');
    return u"%1 %2 %3"_s.arg(dayField, m_months.empty() ? u"*"_s : listText(m_months), weekdayField);
}

std::expected<QString, WhenProblem> WordsReader::clockFields() const
{
    if (!m_frequency) {
        std::set<int> minutes;
        std::set<int> hours;
        for (const TimeOfDay &time : m_times) {
            minutes.insert(time.minute);
            hours.insert(time.hour);
        }
        if (m_times.empty())
            return m_hours.isEmpty() ? u"0 0"_s : u"0 "_s + m_hours;
        return listText(minutes) + u' ' + listText(hours);
    }
    const auto [number, unit] = *m_frequency;
    const QString step = number == 1 ? u"*"_s : u"*/%1"_s.arg(number);
    if (unit == Second && 60 % number == 0)
        return u"%1 * %2"_s.arg(step, m_hours.isEmpty() ? u"*"_s : m_hours);
    if (unit == Minute && 60 % number == 0)
        return u"%1 %2"_s.arg(step, m_hours.isEmpty() ? u"*"_s : m_hours);
    if (unit == Hour && 24 % number == 0)
        return u"0 "_s + (m_hours.isEmpty() ? step
                          : number == 1     ? m_hours
                                            : u"%1/%2"_s.arg(m_hours).arg(number));
    const auto &at = m_words[m_frequencyAt];
    return std::unexpected(
        WhenProblem{.mistake = WhenMistake::DoesNotFit, .position = at.position, .found = at.text});
}

std::expected<When, WhenProblem> WordsReader::result() const
{
    if (m_frequency && !m_times.empty() && m_frequency->second < Day) {
        const auto &at = m_words[m_frequencyAt];
        return std::unexpected(
            WhenProblem{.mistake = WhenMistake::DoesNotFit, .position = at.position, .found = at.text});
    }
    static constexpr std::array<qint64, 5> unitMs{1000, 60'000, 3'600'000, 86'400'000, 7 * 86'400'000LL};
    if (m_frequency && !restrictsDays() && m_hours.isEmpty() && m_times.empty()) {
        const auto [number, unit] = *m_frequency;
        const bool dividesEvenly = unit < Hour ? 60 % number == 0 : unit == Hour && 24 % number == 0;
        if (!dividesEvenly)
            return Interval{.everyMs = number * unitMs.at(unit)};
    }
    const auto clock = clockFields();
    if (!clock)
        return std::unexpected(clock.error());
    return parseCron(*clock + u' ' + dayFields())
        .transform([](const CronPattern &pattern) {
        return When(pattern);
    }).transform_error([](const WhenProblem &problem) {
        return WhenProblem{.mistake = WhenMistake::DoesNotFit, .position = 0, .found = problem.found};
    });
}

std::expected<When, WhenProblem> WordsReader::read()
{
    while (!atEnd())
        if (const Done one = readOne(); !one)
            return std::unexpected(one.error());
    return result();
}

} // namespace

std::expected<When, WhenProblem> readWhenWords(const QString &text) { return WordsReader(text).read(); }

} // namespace muster
