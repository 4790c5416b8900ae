#include "app/demo_agent/analysis/licence.h"

#include <QRegularExpression>

#include <array>

using namespace Qt::StringLiterals;

namespace muster::demo {

namespace {

// In this order: a text of the Lesser licence also names the General one.
constexpr std::array phrases{
    std::pair{"gnu affero general public license version 3", "AGPL-3.0"},
    std::pair{"gnu lesser general public license version 3", "LGPL-3.0"},
    std::pair{"gnu lesser general public license version 2.1", "LGPL-2.1"},
    std::pair{"gnu library general public license", "LGPL-2.0"},
    std::pair{"gnu general public license version 3", "GPL-3.0"},
    std::pair{"gnu general public license version 2", "GPL-2.0"},
    std::pair{"gnu general public license version 1", "GPL-1.0"},
    std::pair{"apache license version 2.0", "Apache-2.0"},
    std::pair{"mozilla public license version 2.0", "MPL-2.0"},
    std::pair{"eclipse public license", "EPL"},
    std::pair{"the artistic license 2.0", "Artistic-2.0"},
    std::pair{"artistic license", "Artistic"},
    std::pair{"boost software license", "BSL-1.0"},
    std::pair{"isc license", "ISC"},
    std::pair{"permission to use copy modify and/or distribute this software for any purpose", "ISC"},
    std::pair{"permission is hereby granted free of charge to any person obtaining a copy", "MIT"},
    std::pair{"neither the name", "BSD-3-Clause"},
    std::pair{"redistribution and use in source and binary forms", "BSD-2-Clause"},
    std::pair{"this is free and unencumbered software released into the public domain", "Unlicense"},
    std::pair{"cc0 1.0 universal", "CC0-1.0"},
    std::pair{"python software foundation license", "PSF-2.0"},
};

} // namespace

QString licenceOf(const QString &text)
{
    static const QRegularExpression spdx(uR"(SPDX-License-Identifier:\s*([\w.+\- ()]+))"_s);
    if (const auto match = spdx.match(text.left(4000)); match.hasMatch())
        return match.captured(1).trimmed();
    QString plain = text.left(30'000).toLower();
    static const QRegularExpression punctuation(uR"([,;:"'*#]+)"_s);
    plain.replace(punctuation, u" "_s);
    plain = plain.simplified();
    // The licence stands in its title; its body may name others.
    for (const qsizetype reach : {qsizetype{700}, plain.size()}) {
        const QString part = plain.first(std::min(reach, plain.size()));
        for (const auto &[phrase, name] : phrases) {
            if (part.contains(QLatin1StringView(phrase)))
                return QString::fromLatin1(name);
        }
    }
    return {};
}

} // namespace muster::demo
