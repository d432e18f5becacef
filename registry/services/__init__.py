"""What a user of the register does, one module per thing done."""
