// Enum <-> text by one table per enum, for columns, JSON keys and files. The text is part of a format:
// never change a published one. Any thread.
//
//   template <> struct EnumNames<Colour> {
//       static constexpr std::array table{std::pair{Colour::Red, "red"}, ...};
//   };
#pragma once

#include <QLatin1StringView>
#include <QString>

#include <array>
#include <optional>
#include <utility>

namespace muster {

template <typename E>
struct EnumNames; // specialise with `static constexpr std::array<std::pair<E, const char *>, N> table`

template <typename E> [[nodiscard]] constexpr const char *enumText(E value)
{
    for (const auto &[candidate, text] : EnumNames<E>::table) {
        if (candidate == value)
            return text;
    }
    return "";
}

template <typename E> [[nodiscard]] QString enumName(E value) { return QString::fromLatin1(enumText(value)); }

template <typename E> [[nodiscard]] std::optional<E> enumFromName(QStringView text)
{
    for (const auto &[candidate, name] : EnumNames<E>::table) {
        if (text == QLatin1StringView(name))
            return candidate;
    }
    return std::nullopt;
}

} // namespace muster
