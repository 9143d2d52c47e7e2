"""The council's register: official acts and signatures, entered for ever in order, provable to anybody."""
