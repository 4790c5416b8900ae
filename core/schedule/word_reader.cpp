#include "core/schedule/word_reader.h"

#include <QRegularExpression>
#include <QStringList>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

// The place of `word` in `names`, where the singular, the plural and from `shortest` letters on a beginning
// count.
std::optional<int> placeOf(const QString &word, const QStringList &names, qsizetype shortest)
{
    for (qsizetype i = 0; i < names.size(); ++i) {
        const QString singular =
            word.endsWith(u's') && word.size() > shortest && word != names.at(i) ? word.chopped(1) : word;
        for (const QString &form : {word, singular})
            if (form.size() >= shortest && names.at(i).startsWith(form))
                return static_cast<int>(i);
    }
    return std::nullopt;
}

} // namespace

std::vector<WhenWord> whenWords(const QString &text)
{
    static const QRegularExpression form(
        uR"(\d{1,2}[:.]\d{2}(?:am|pm)?|\d+(?:st|nd|rd|th|am|pm)?|[\p{L}]+|[^\s,])"_s,
        QRegularExpression::CaseInsensitiveOption);
    std::vector<WhenWord> words;
    for (auto at = form.globalMatch(text); at.hasNext();) {
        const QRegularExpressionMatch match = at.next();
        words.push_back({match.captured().toLower(), match.capturedStart()});
    }
    return words;
}

std::optional<int> weekdayFromWord(const QString &word)
{
    static const QStringList names{u"sunday"_s,   u"monday"_s, u"tuesday"_s, u"wednesday"_s,
                                   u"thursday"_s, u"friday"_s, u"saturday"_s};
    return placeOf(word, names, 3);
}

std::optional<int> monthFromWord(const QString &word)
{
    static const QStringList names{u"january"_s,   u"february"_s, u"march"_s,    u"april"_s,
                                   u"may"_s,       u"june"_s,     u"july"_s,     u"august"_s,
                                   u"september"_s, u"october"_s,  u"november"_s, u"december"_s};
    return placeOf(word, names, 3).transform([](int index) { return index + 1; });
}

std::optional<int> ordinalFromWord(const QString &word)
{
    static const QStringList names{u"last"_s, u"first"_s, u"second"_s, u"third"_s, u"fourth"_s, u"fifth"_s};
    if (const qsizetype at = names.indexOf(word); at >= 0)
        return static_cast<int>(at);
    static const QRegularExpression form(uR"(\A([1-9]|[12]\d|3[01])(?:st|nd|rd|th)\z)"_s);
    const QRegularExpressionMatch match = form.match(word);
    return match.hasMatch() ? std::optional(match.captured(1).toInt()) : std::nullopt;
}

std::optional<int> numberFromWord(const QString &word)
{
    static const QRegularExpression form(uR"(\A\d{1,4}\z)"_s);
    return form.match(word).hasMatch() ? std::optional(word.toInt()) : std::nullopt;
}

std::optional<int> unitFromWord(const QString &word)
{
    static const std::array<QStringList, 5> units{
        QStringList{u"second"_s, u"seconds"_s, u"sec"_s, u"secs"_s},
        QStringList{u"minute"_s, u"minutes"_s, u"min"_s, u"mins"_s}, QStringList{u"hour"_s, u"hours"_s},
        QStringList{u"day"_s, u"days"_s}, QStringList{u"week"_s, u"weeks"_s}};
    for (size_t unit = 0; unit < units.size(); ++unit)
        if (units.at(unit).contains(word))
            return static_cast<int>(unit);
    return std::nullopt;
}

bool isHalfOfDay(const QString &word) { return word == u"am" || word == u"pm"; }

std::optional<TimeOfDay> timeFromWord(const QString &word, const QString &half, bool bareNumber)
{
    if (word == u"noon")
        return TimeOfDay{.hour = 12};
    if (word == u"midnight")
        return TimeOfDay{};
    static const QRegularExpression form(uR"(\A(\d{1,2})(?:[:.](\d{2}))?(am|pm)?\z)"_s);
    const QRegularExpressionMatch match = form.match(word);
    if (!match.hasMatch())
        return std::nullopt;
    const QString halfOfDay = match.captured(3).isEmpty() ? half : match.captured(3);
    if (match.captured(2).isEmpty() && halfOfDay.isEmpty() && !bareNumber)
        return std::nullopt;
    TimeOfDay time{.hour = match.captured(1).toInt(), .minute = match.captured(2).toInt()};
    if (time.minute > 59 || time.hour > 23)
        return std::nullopt;
    if (halfOfDay.isEmpty())
        return time;
    if (time.hour < 1 || time.hour > 12)
        return std::nullopt;
    time.hour = time.hour % 12 + (halfOfDay == u"pm" ? 12 : 0);
    return time;
}

} // namespace muster
