#include "core/viewmodel/terminal_sequences.h"

#include <QList>

#include <algorithm>
#include <array>

namespace muster {
namespace {

// Movement, erasing, scrolling, tabs, colours, position reports: nothing outside the screen's own cells.
constexpr QByteArrayView plainFinals = "@ABCDEFGHIJKLMPSTXZ`abcdefghlmnrsu";
// Application cursor keys, reverse, origin, wrap, blink, cursor, alternate screens, mouse, focus, paste.
// Not 3 (132 columns) nor 40, which resize.
constexpr std::array allowedModes{1,    5,    6,    7,    12,   25,   47,   1000, 1002,
                                  1003, 1004, 1005, 1006, 1015, 1047, 1048, 1049, 2004};
constexpr int maxParameters = 32;

QByteArray clampedNumber(QByteArrayView digits, int maxNumber)
{
    if (digits.isEmpty())
        return {};
    bool ok = false;
    const int value = digits.size() > 9 ? maxNumber + 1 : digits.toInt(&ok);
    if (value <= maxNumber)
        return digits.toByteArray();
    return QByteArray::number(maxNumber);
}

// Rewrites each number of "1;22:3;4"; an empty answer with ok == false means that the text is no such list.
QByteArray clampedList(QByteArrayView list, int maxNumber, bool *ok)
{
    QByteArray out;
    qsizetype from = 0;
    int parameters = 1;
    for (qsizetype i = 0; i <= list.size(); ++i) {
        const bool end = i == list.size();
        if (!end && list[i] >= '0' && list[i] <= '9')
            continue;
        if (!end && list[i] != ';' && list[i] != ':') {
            *ok = false;
            return {};
        }
        out += clampedNumber(list.sliced(from, i - from), maxNumber);
        if (end)
            break;
        if (++parameters > maxParameters)
            break;
        out += list[i];
        from = i + 1;
    }
    *ok = true;
    return out;
}

// Private modes: only the known ones are kept, the rest of the list goes on.
QByteArray allowedModeList(QByteArrayView list)
{
    QByteArray kept;
    const QList<QByteArray> parts = list.toByteArray().split(';');
    for (const QByteArray &part : parts) {
        bool number = false;
        const int mode = part.toInt(&number);
        if (!number || std::ranges::find(allowedModes, mode) == allowedModes.end())
            continue;
        if (!kept.isEmpty())
            kept += ';';
        kept += part;
    }
    return kept;
}

QByteArray privateCsi(QByteArrayView list, uchar final, int maxNumber)
{
    if (final == 'h' || final == 'l' || final == 'r' || final == 's') {
        const QByteArray kept = allowedModeList(list);
        return kept.isEmpty() ? QByteArray() : "\x1b[?" + kept + char(final);
    }
    if (final != 'J' && final != 'K')
        return {};
    bool ok = false;
    const QByteArray numbers = clampedList(list, maxNumber, &ok);
    return ok ? "\x1b[?" + numbers + char(final) : QByteArray();
}

QByteArray intermediateCsi(QByteArrayView body, uchar final)
{
    if (body == "!" && final == 'p') // soft reset
        return "\x1b[!p";
    // Cursor shape: one digit and a space.
    if (final == 'q' && body.endsWith(' ') && body.size() <= 2 &&
        (body.size() == 1 || (body[0] >= '0' && body[0] <= '9')))
        return "\x1b[" + body.toByteArray() + 'q';
    return {};
}

} // namespace

QByteArray allowedCsi(QByteArrayView body, uchar final, int maxNumber)
{
    if (!body.isEmpty() && body.front() == '?')
        return privateCsi(body.sliced(1), final, maxNumber);
    if (body.isEmpty() || (body.back() >= '0' && body.back() <= ';')) {
        if (body == ">" || (!body.isEmpty() && body.front() >= '<' && body.front() <= '?'))
            return {};
        if (!plainFinals.contains(char(final)))
            return {};
        // Of the set modes only insert (4) and new line (20) are about the screen; reports only 5 and 6.
        if ((final == 'h' || final == 'l') && body != "4" && body != "20")
            return {};
        if (final == 'n' && body != "5" && body != "6")
            return {};
        bool ok = false;
        const QByteArray numbers = clampedList(body, maxNumber, &ok);
        return ok ? "\x1b[" + numbers + char(final) : QByteArray();
    }
    if ((body == ">" || body == ">0") && final == 'c') // secondary attributes: a fixed answer
        return "\x1b[" + body.toByteArray() + 'c';
    return intermediateCsi(body, final);
}

bool isAllowedEscape(QByteArrayView body)
{
    if (body.size() == 1)
        return QByteArrayView("78DEHM=>c").contains(body[0]);
    if (body.size() != 2)
        return false;
    const char first = body[0];
    const char second = body[1];
    if (first == '(' || first == ')' || first == '*' || first == '+') // character sets
        return QByteArrayView("0AB12").contains(second);
    return first == '#' && second >= '3' && second <= '8'; // line size, alignment test
}

} // namespace muster
