#include "app/translations.h"

#include <QCoreApplication>
#include <QLocale>
#include <QTranslator>

namespace muster::app {

using namespace Qt::StringLiterals;

void loadTranslations()
{
    // Of two that know a text, the one that was installed last gives it.
    const auto install = [](const QLocale &locale) {
        auto *translator = new QTranslator(qApp);
        if (translator->load(locale, u"muster"_s, u"_"_s, u":/muster/translations"_s))
            QCoreApplication::installTranslator(translator);
        else
            delete translator;
    };
    const QLocale english(QLocale::English, QLocale::UnitedStates);
    install(english);
    if (QLocale().language() != QLocale::English && QLocale().language() != QLocale::C)
        install(QLocale());
}

} // namespace muster::app
