//! Routes that nobody asks for: what a grown application has beside the one that is measured.

use carafe::{Routes, get, routes};

macro_rules! fillers {
    ($($name:ident $pattern:tt)*) => {
        $(
            #[get($pattern)]
            fn $name(id: &str) -> String {
                format!("{} {id}", stringify!($name))
            }
        )*

        pub fn all() -> Routes {
            routes![$($name),*]
        }
    };
}

fillers! {
    r0 "/api/v1/resource0/<id>"
    r1 "/api/v1/resource1/<id>"
    r2 "/api/v1/resource2/<id>"
    r3 "/api/v1/resource3/<id>"
    r4 "/api/v1/resource4/<id>"
    r5 "/api/v1/resource5/<id>"
    r6 "/api/v1/resource6/<id>"
    r7 "/api/v1/resource7/<id>"
    r8 "/api/v1/resource8/<id>"
    r9 "/api/v1/resource9/<id>"
    r10 "/api/v1/resource10/<id>"
    r11 "/api/v1/resource11/<id>"
    r12 "/api/v1/resource12/<id>"
    r13 "/api/v1/resource13/<id>"
    r14 "/api/v1/resource14/<id>"
    r15 "/api/v1/resource15/<id>"
    r16 "/api/v1/resource16/<id>"
    r17 "/api/v1/resource17/<id>"
    r18 "/api/v1/resource18/<id>"
    r19 "/api/v1/resource19/<id>"
    r20 "/api/v1/resource20/<id>"
    r21 "/api/v1/resource21/<id>"
    r22 "/api/v1/resource22/<id>"
    r23 "/api/v1/resource23/<id>"
    r24 "/api/v1/resource24/<id>"
    r25 "/api/v1/resource25/<id>"
    r26 "/api/v1/resource26/<id>"
    r27 "/api/v1/resource27/<id>"
    r28 "/api/v1/resource28/<id>"
    r29 "/api/v1/resource29/<id>"
}
